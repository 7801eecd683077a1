import { expect } from "chai";
import { Interface, ZeroAddress, ZeroHash, encodeBytes32String } from "ethers";

import { trainingMarketAbi } from "@commonweight/sdk/abi/training-market";
import { CommonweightError } from "@commonweight/sdk/errors";
import { decodeJobParams, type DecodedJobStruct } from "@commonweight/sdk/protocol/job-params";
import { badParameters } from "@commonweight/sdk/protocol/job-rules";
import { type Chain, openChain } from "../../helpers/contracts/chain.ts";
import { digestOf } from "../../helpers/contracts/commitments.ts";
import {
  HOLDOUT,
  INITIAL_MODEL,
  type JobTerms,
  PAY_RULE,
  PHASE,
  SCORING,
  SYNC,
  budgetTerms,
  milestoneTerms,
  NO_PERMIT,
} from "../../helpers/contracts/job-params.ts";
import { SealedHoldout } from "../../helpers/contracts/sealed-holdout.ts";
import { deployedMarket } from "../../helpers/contracts/world.ts";

const DAY = 86_400;
const CODER = new Interface(trainingMarketAbi);
const SEALED: Partial<JobTerms> = new SealedHoldout(2).terms();

describe("Posting a job", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  const over = 10_001;
  const huge = (1n << 111n) + 1n;
  const bad: [string, Partial<JobTerms>][] = [
    ["token", { token: ZeroAddress }],
    ["reward", { reward: 0n }],
    ["reward", { reward: huge }],
    ["bond", { bond: 0n }],
    ["bond", { bond: huge }],
    ["seatLock", { seatLock: 0n }],
    ["seatLock", { seatLock: huge }],
    ["validatorShareBps", { validatorShareBps: 0 }],
    ["validatorShareBps", { validatorShareBps: 10_000 }],
    ["rounds", { rounds: 0 }],
    ["rounds", { rounds: over }],
    ["maxUpdates", { maxUpdates: 0 }],
    ["maxUpdates", { maxUpdates: 65 }],
    ["committeeSize", { committeeSize: 2 }],
    ["committeeSize", { committeeSize: 32 }],
    ["minTrainers", { minTrainers: 0 }],
    ["minValidators", { minValidators: 2 }],
    ["holdout", { holdout: HOLDOUT.none }],
    ["scoring", { scoring: SCORING.none }],
    ["initiatorBond", { initiatorBond: 1n }],
    ["initiatorBond", { ...SEALED, initiatorBond: 0n }],
    ["initiatorBond", { ...SEALED, initiatorBond: huge }],
    ["payRule", { payRule: PAY_RULE.none }],
    ["clusters", { clusters: true }],
    ["sync", { sync: SYNC.none }],
    ["retrainQuota", { retrainQuota: 0 }],
    ["releaseCount", { releaseCount: 1 }],
    ["releaseCount", { sync: SYNC.ssp, releaseCount: 1 }],
    ["releaseCount", { sync: SYNC.bap, releaseCount: 65, releaseBps: 1 }],
    ["releaseBps", { releaseBps: 1 }],
    ["releaseBps", { sync: SYNC.bap, releaseCount: 1, releaseBps: 0 }],
    ["releaseBps", { sync: SYNC.bap, releaseBps: over }],
    ["holdoutRoot", { holdoutRoot: digestOf("a root") }],
    ["holdoutRoot", { ...SEALED, holdoutRoot: ZeroHash }],
    ["tolerance", { tolerance: 0 }],
    ["maxTolerance", { tolerance: 10, maxTolerance: 9 }],
    ["noiseFloor", { noiseFloor: over }],
    ["margin", { margin: over }],
    ["targetScore", { holdout: HOLDOUT.own, targetScore: 1 }],
    ["targetScore", { holdout: HOLDOUT.public, targetScore: over }],
    ["trainingPeriod", { trainingPeriod: 0 }],
    ["trainingPeriod", { trainingPeriod: 30 * DAY + 1 }],
    ["minTraining", { trainingPeriod: 10, minTraining: 11 }],
    ["disclosurePeriod", { disclosurePeriod: 0 }],
    ["scoringPeriod", { scoringPeriod: 30 * DAY + 1 }],
    ["revealPeriod", { revealPeriod: 0 }],
    ["attestationPeriod", { attestationPeriod: 30 * DAY + 1 }],
    ["settlementPeriod", { settlementPeriod: 0 }],
    ["deadline", { deadline: 1 }],
    ["deadline", { deadline: 2 ** 39 }],
    ["milestones", { scoring: SCORING.accuracy, holdout: HOLDOUT.public, milestones: list([0, 0], [1, 10_000]) }],
    ["milestones", contribution([100, 0])],
    ["milestones", contribution(...Array.from({ length: 9 }, (_, i): Point => [i, i === 8 ? 10_000 : 0]))],
    ["milestones", { ...contribution([0, 0], [1, 10_000]), holdout: HOLDOUT.own }],
    ["milestones", contribution([0, 1], [1, 10_000])],
    ["milestones", contribution([5, 0], [5, 10_000])],
    ["milestones", contribution([0, 0], [2, 6_000], [3, 5_000], [4, 10_000])],
    ["milestones", contribution([0, 0], [1, 9_999])],
    ["milestones", contribution([0, 0], [over, 10_000])],
    ["specDigest", { specDigest: ZeroHash }],
    ["modelDigest", { modelDigest: ZeroHash }],
  ];
  for (const [name, change] of bad) {
    it(`reverts where ${name} is ${shown(change)}`, async () => {
      const { book, market, token } = await deployedMarket(chain, { trainers: 0, validators: 0 });
      const terms = budgetTerms(await token.getAddress(), await chain.helpers.time.latest(), change);
      await expect(market.postJob(terms, NO_PERMIT))
        .to.be.revertedWithCustomError(book, "JobBook_BadParameter")
        .withArgs(encodeBytes32String(name));
      expect(refusedBySdk(terms, await chain.helpers.time.latest())).to.deep.equal([name]);
    });
  }
  it("reverts without an allowance for the reward", async () => {
    const { book, market, token, stranger } = await deployedMarket(chain, { trainers: 0, validators: 0 });
    await token.connect(stranger).approve(market, 0);
    const terms = budgetTerms(await token.getAddress(), await chain.helpers.time.latest());
    await expect(market.connect(stranger).postJob(terms, NO_PERMIT)).to.be.revertedWithCustomError(
      token,
      "ERC20InsufficientAllowance",
    );
    expect(await book.jobCount()).to.equal(0);
  });
  it("accepts the bounds", async () => {
    const { book, market, token } = await deployedMarket(chain, { trainers: 0, validators: 0 });
    const now = await chain.helpers.time.latest();
    const address = await token.getAddress();
    const widest = Array.from({ length: 8 }, (_, i) => ({
      scoreBps: i === 7 ? 10_000 : i,
      shareBps: i === 7 ? 10_000 : 0,
    }));
    const lists: Partial<JobTerms>[] = [
      { validatorShareBps: 9_999, rounds: 10_000, maxUpdates: 64, committeeSize: 31, targetScore: 10_000 },
      { validatorShareBps: 1, rounds: 1, maxUpdates: 1, committeeSize: 3, milestones: widest },
      { trainingPeriod: 30 * DAY, minTraining: 30 * DAY, deadline: now + 3 * 365 * DAY },
      { reward: 1n, bond: 1n, seatLock: 1n, deadline: now + 100, noiseFloor: 10_000, margin: 10_000 },
      { ...SEALED, acceptance: -32_768, clusters: true, retrainQuota: 255 },
      { sync: SYNC.bap, releaseCount: 64, releaseBps: 10_000, payRule: PAY_RULE.equal, acceptance: 32_767 },
    ];
    for (const change of lists) {
      const terms = milestoneTerms(address, now, change);
      expect(refusedBySdk(terms, now)).to.deep.equal([]);
      await market.postJob(terms, NO_PERMIT);
    }
    expect(await book.jobCount()).to.equal(lists.length);
  });
  it("takes the reward, keeps the parameters and waits", async () => {
    const { lifecycle, book, market, token, initiator } = await deployedMarket(chain);
    const terms = milestoneTerms(await token.getAddress(), await chain.helpers.time.latest());
    const posting = market.connect(initiator).postJob(terms, NO_PERMIT);
    await expect(posting)
      .to.emit(market, "JobPosted")
      .withArgs(1, initiator.address, token, terms.reward, terms.specDigest, INITIAL_MODEL);
    await expect(posting).to.emit(market, "Deposited").withArgs(token, initiator.address, terms.reward);
    await expect(posting).to.changeTokenBalances(
      chain.ethers,
      token,
      [initiator, market],
      [-terms.reward, terms.reward],
    );
    const kept = await book.paramsOf(1);
    for (const key of Object.keys(terms) as (keyof JobTerms)[]) {
      if (key === "milestones") continue;
      expect(kept[key], key).to.equal(terms[key]);
    }
    expect(kept.milestones.map((point) => [point.scoreBps, point.shareBps])).to.deep.equal(
      terms.milestones.map((point) => [BigInt(point.scoreBps), BigInt(point.shareBps)]),
    );
    expect(await lifecycle.phaseAt(1, await chain.helpers.time.latest())).to.equal(PHASE.waiting);
    expect(await lifecycle.phaseAt(2, await chain.helpers.time.latest())).to.equal(PHASE.none);
    expect(await lifecycle.isOpen(1)).to.equal(true);
    expect(await lifecycle.isOpen(2)).to.equal(false);
    expect((await lifecycle.jobOf(1)).modelDigest).to.equal(INITIAL_MODEL);
  });
});

/** Parameters that the sdk rejects; decoding rejects an enumeration's `None`, which has no name in TypeScript. */
function refusedBySdk(terms: JobTerms, time: number): readonly string[] {
  const data = CODER.encodeFunctionData("postJob", [terms, NO_PERMIT]);
  const { params } = CODER.decodeFunctionData("postJob", data) as unknown as { readonly params: DecodedJobStruct };
  try {
    return badParameters(decodeJobParams(params), time);
  } catch (error) {
    expect(error).to.be.instanceOf(CommonweightError).with.property("code", "CONTRACT_UNKNOWN_VALUE");
    return (["holdout", "scoring", "payRule", "sync"] as const).filter((name) => terms[name] === 0);
  }
}

type Point = [scoreBps: number, shareBps: number];

function list(...points: Point[]): JobTerms["milestones"] {
  return points.map(([scoreBps, shareBps]) => ({ scoreBps, shareBps }));
}

function contribution(...points: Point[]): Partial<JobTerms> {
  return { scoring: SCORING.contribution, holdout: HOLDOUT.public, milestones: list(...points) };
}

function shown(change: Partial<JobTerms>): string {
  return JSON.stringify(change, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}
