import { readFileSync } from "node:fs";

import { expect } from "chai";

import {
  PHASES,
  TIMELESS,
  committeePhase,
  earlyEnd,
  factsAsOf,
  isComplete,
  phaseOf,
  roundPhase,
  type TrainingTerms,
} from "@commonweight/sdk/protocol/phases";

const round = {
  trainingStart: 100,
  trainingEnd: 200,
  disclosureEnd: 300,
  expected: 2,
  expectedCommitted: 1,
  committed: 1,
  revealed: 1,
  closedEarly: false,
  extended: false,
  confirming: false,
  outcome: "running",
} as const;
const bsp: TrainingTerms = { sync: "bsp", minTraining: 0, trainingPeriod: 100, releaseCount: 0, releaseBps: 0 };
const ssp: TrainingTerms = { ...bsp, sync: "ssp" };
const bap: TrainingTerms = { ...bsp, sync: "bap", releaseBps: 10_000 };
const committee = { drawnAt: 310, scoringEnd: 400, revealEnd: 500, attestationEnd: 600, committed: 3 };

describe("phases", () => {
  it("have the contract's names in the contract's order", () => {
    const source = readFileSync(new URL("../../../contracts/types/Phase.sol", import.meta.url), "utf8");
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

  it("do not end with time alone where only a transaction ends them", () => {
    const times = Array.from({ length: 12 }, (_, index) => 50 * index);
    const rounds = (["running", "empty", "settled", "failed"] as const).flatMap((outcome) =>
      [0, 1].flatMap((committed) => [0, 1].map((revealed) => ({ ...round, outcome, committed, revealed }))),
    );
    let compared = 0;
    for (const terms of [bsp, ssp, bap]) {
      for (const facts of rounds) {
        const phases = times.map((time) => roundPhase(factsAsOf(facts, terms, time), time));
        const start = phases.findIndex((phase) => TIMELESS.has(phase));
        if (start === -1) continue;
        expect(new Set(phases.slice(start)).size).to.equal(1);
        compared++;
      }
    }
    expect(compared).to.be.greaterThan(40);
  });

  it("close Training once everyone expected has committed, but not before its least time", () => {
    const complete = { ...round, expectedCommitted: 2 };
    for (const terms of [bsp, ssp, bap]) {
      expect(earlyEnd(round, terms, 150)).to.equal(200);
      expect(earlyEnd(complete, terms, 150)).to.equal(150);
      expect(earlyEnd(complete, { ...terms, minTraining: 70 }, 150)).to.equal(170);
      expect(earlyEnd(complete, { ...terms, minTraining: 170 }, 150)).to.equal(200);
      expect(earlyEnd({ ...complete, closedEarly: true }, terms, 150)).to.equal(200);
    }
  });

  it("wait for nobody's commitment to the end where nobody is expected", () => {
    for (const terms of [bsp, ssp, bap])
      expect(isComplete({ ...round, expected: 0, committed: 9 }, terms)).to.equal(false);
  });

  it("put stale synchronous Training off once, by the share of the expected that is missing", () => {
    const late = { ...round, expected: 3, expectedCommitted: 1 };
    expect(factsAsOf(late, ssp, 199)).to.equal(late);
    const extended = factsAsOf(late, ssp, 200);
    // 100 x 2 / 3, rounded down.
    expect(extended).to.deep.equal({ ...late, extended: true, trainingEnd: 266, disclosureEnd: 366 });
    expect(factsAsOf(extended, ssp, 300)).to.equal(extended);
    expect(roundPhase(extended, 200)).to.equal("training");
    expect(earlyEnd({ ...extended, expectedCommitted: 3 }, ssp, 250)).to.equal(250);
  });

  it("put nothing off where nobody is missing, Training closed early, or the job waits for no stragglers", () => {
    const { trainingEnd } = factsAsOf({ ...round, expectedCommitted: 3 }, ssp, 200);
    expect(trainingEnd).to.equal(200);
    for (const facts of [
      { ...round, closedEarly: true },
      { ...round, confirming: true },
      { ...round, extended: true },
    ]) {
      expect(factsAsOf(facts, ssp, 200)).to.equal(facts);
    }
    for (const terms of [bsp, bap]) expect(factsAsOf(round, terms, 200)).to.equal(round);
  });

  it("close barrierless Training at the share or the number that the job names, whoever committed", () => {
    const facts = { ...round, expected: 4, expectedCommitted: 0 };
    const released = (committed: number, terms: TrainingTerms) => isComplete({ ...facts, committed }, terms);
    const half = { ...bap, releaseBps: 5_000 };
    expect([1, 2].map((committed) => released(committed, half))).to.deep.equal([false, true]);
    expect([1, 2].map((committed) => released(committed, { ...half, releaseBps: 5_001 }))).to.deep.equal([
      false,
      false,
    ]);
    const three = { ...bap, releaseCount: 3 };
    expect([2, 3].map((committed) => released(committed, three))).to.deep.equal([false, true]);
    expect(released(9, { ...three, sync: "bsp" })).to.equal(false);
    expect(earlyEnd({ ...facts, committed: 2 }, half, 150)).to.equal(150);
  });
});
