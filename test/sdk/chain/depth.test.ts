import { expect } from "chai";

import type { Contracts } from "@commonweight/sdk/chain/contracts";
import { isPhaseDeep, readShortPeriods, shortPeriods, type Standing } from "@commonweight/sdk/chain/depth";
import { PHASES, type Phase } from "@commonweight/sdk/protocol/phases";

const standing: Standing = { jobId: 1n, block: 100, phase: "reveal", round: 2, attempt: 1 };

/** Contracts of a chain with a block every 12 seconds that answer so at every block, and note which one was asked. */
function chainIn(phase: Phase, { round = 2, attempt = 1 } = {}) {
  const asked: number[] = [];
  const answer =
    (value: unknown) =>
    (...args: readonly unknown[]) => {
      asked.push((args.at(-1) as { blockTag: number }).blockTag);
      return Promise.resolve(value);
    };
  const getBlock = (tag: number | "latest") => {
    const number = tag === "latest" ? 100 : tag;
    return Promise.resolve({ number, timestamp: 12 * number });
  };
  const contracts = {
    market: { runner: { provider: { getBlock } } },
    lifecycle: { phaseAt: answer(BigInt(PHASES.indexOf(phase))) },
    rounds: { rosterOf: answer({ round: BigInt(round) }) },
    panel: { attemptOf: answer(BigInt(attempt)) },
  } as unknown as Contracts;
  return { contracts, asked };
}

describe("isPhaseDeep", () => {
  it("is false where the block at that depth shows another phase, round or attempt", async () => {
    expect(await isPhaseDeep(chainIn("scoring").contracts, standing, 12)).to.equal(false);
    expect(await isPhaseDeep(chainIn("reveal", { round: 1 }).contracts, standing, 12)).to.equal(false);
    expect(await isPhaseDeep(chainIn("reveal", { attempt: 2 }).contracts, standing, 12)).to.equal(false);
  });
  it("is false where the chain is not so deep yet", async () => {
    expect(await isPhaseDeep(chainIn("reveal").contracts, { ...standing, block: 10 }, 12)).to.equal(false);
  });
  it("is true where it shows the same, and asks that block", async () => {
    const { contracts, asked } = chainIn("reveal");
    expect(await isPhaseDeep(contracts, standing, 12)).to.equal(true);
    expect(asked).to.deep.equal([89, 89, 89]);
  });
  it("asks nothing at depth 1, nor in phases that rest on nothing", async () => {
    const { contracts, asked } = chainIn("reveal");
    expect(await isPhaseDeep(contracts, standing, 1)).to.equal(true);
    expect(await isPhaseDeep(contracts, { ...standing, phase: "tally" }, 12)).to.equal(true);
    expect(asked).to.deep.equal([]);
  });
});

describe("periods too short for the depth of a chain", () => {
  const params = {
    disclosurePeriod: 287,
    scoringPeriod: 600,
    revealPeriod: 288,
    attestationPeriod: 30,
    settlementPeriod: 287,
  };

  it("are those below twice the confirmations", () => {
    expect(shortPeriods(params, 12, 12)).to.deep.equal([
      { phase: "disclosure", seconds: 287, needed: 288 },
      { phase: "attestation", seconds: 30, needed: 288 },
      { phase: "settlement", seconds: 287, needed: 288 },
    ]);
  });
  it("are none at depth 1", () => expect(shortPeriods(params, 1, 12)).to.deep.equal([]));
  it("are measured by the chain's last blocks", async () => {
    const short = await readShortPeriods(chainIn("reveal").contracts, params, 12);
    expect(short.map(({ phase }) => phase)).to.deep.equal(["disclosure", "attestation", "settlement"]);
  });
});
