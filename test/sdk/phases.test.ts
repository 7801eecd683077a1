import { readFileSync } from "node:fs";

import { expect } from "chai";

import { PHASES, committeePhase, phaseOf, roundPhase, trainingEndAfterCommit } from "../../sdk/phases.ts";

const round = {
  trainingStart: 100,
  trainingEnd: 200,
  disclosureEnd: 300,
  expected: 2,
  expectedCommitted: 1,
  committed: 1,
  revealed: 1,
  closedEarly: false,
  confirming: false,
  outcome: "running",
} as const;
const committee = { drawnAt: 310, scoringEnd: 400, revealEnd: 500, attestationEnd: 600, committed: 3 };

describe("phases", () => {
  it("have the contract's names in the contract's order", () => {
    const source = readFileSync(new URL("../../contracts/types/Phase.sol", import.meta.url), "utf8");
    const body = source.slice(source.indexOf("enum Phase {")).replace(/\/\/\/.*$/gm, "");
    const names = [...body.matchAll(/^ {4}(\w+)/gm)].map(([, name]) => name?.toLowerCase());
    expect(PHASES).to.deep.equal(names);
  });

  it("are read from the contract's number, and no other", () => {
    expect(phaseOf(5n)).to.equal("scoring");
    expect(() => phaseOf(11))
      .to.throw()
      .that.includes({ code: "CONTRACT_UNKNOWN_VALUE" });
  });

  it("follow each other, each from its start to just before its end", () => {
    const before = [199, 200, 299, 300].map((time) => roundPhase(round, time));
    expect(before).to.deep.equal(["training", "disclosure", "disclosure", "draw"]);
    const after = [399, 400, 499, 500, 599, 600].map((time) => committeePhase(committee, time));
    expect(after).to.deep.equal(["scoring", "reveal", "reveal", "attestation", "attestation", "settlement"]);
  });

  it("skip what has no one to wait for", () => {
    expect(roundPhase({ ...round, committed: 0 }, 200)).to.equal("waiting");
    expect(roundPhase({ ...round, revealed: 0 }, 300)).to.equal("waiting");
    expect(committeePhase({ ...committee, committed: 0, attestationEnd: 0 }, 400)).to.equal("tally");
  });

  it("close Training once everyone expected has committed, but not before its least time", () => {
    const complete = { ...round, expectedCommitted: 2 };
    expect(trainingEndAfterCommit(round, 0, 150)).to.equal(200);
    expect(trainingEndAfterCommit(complete, 0, 150)).to.equal(150);
    expect(trainingEndAfterCommit(complete, 70, 150)).to.equal(170);
    expect(trainingEndAfterCommit(complete, 170, 150)).to.equal(200);
    expect(trainingEndAfterCommit({ ...complete, closedEarly: true }, 0, 150)).to.equal(200);
  });
});
