import { id, sha256, toUtf8Bytes } from "ethers";

import { holdoutTree } from "@commonweight/sdk/protocol/holdout-keys";
import type { Milestone } from "@commonweight/sdk/protocol/job-params";
import type { JobSpec } from "@commonweight/sdk/spec/job-spec";
import type { MerkleTree } from "@commonweight/sdk/protocol/merkle-tree";
import { NO_PERMIT } from "@commonweight/sdk/chain/permit";
import { priceList, standardErrorBps } from "@commonweight/sdk/job-file/resolve-job-file";
import { accuracyBps } from "@commonweight/sdk/protocol/scores";
import type { Weights } from "../../trainer/model/tensors.ts";
import type { ListedUpdate, PastRound, Release } from "./agents.ts";
import { JobOnChain, type Attempt } from "./job-on-chain.ts";
import { evaluate } from "./learner.ts";
import { plainFedAvg } from "./plain-fedavg.ts";
import { eventsOf, type Market } from "./market.ts";
import type { RoundRecord, Scenario, Slash } from "./scenario.ts";
import { Content, type SeatWork } from "./seat-work.ts";
import { termsOf } from "./terms.ts";
import type { Call, ChainEvent } from "./virtual-chain.ts";
import { dealWorld, specOf, type World } from "./world.ts";

/** A run as it goes. Accounts stand in the order of the scenario's agents. */
export interface RunState {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly job: JobOnChain;
  readonly world: World;
  readonly spec: JobSpec;
  readonly content: Content;
  readonly trainers: readonly string[];
  readonly validators: readonly string[];
  /** The validators' stakes when the job was posted. */
  readonly stakes: readonly bigint[];
  /** Over the keys of a sealed holdout's shards. */
  readonly keys: MerkleTree;
  readonly records: RoundRecord[];
  readonly slashes: Slash[];
  readonly past: PastRound[];
  readonly forfeited: Set<string>;
  base: Weights;
  round: number;
  /** What trainers sealed in the running round, by their index. */
  digests: Map<number, string>;
  updates: readonly ListedUpdate[];
  attempt: Attempt | undefined;
  work: SeatWork | undefined;
  /** What each seat opens. */
  openings: readonly (Call | undefined)[];
  /** The scores that each seat reveals. */
  vectors: readonly (readonly number[] | undefined)[];
  readonly milestones: readonly Milestone[];
  readonly marginBps: number;
  consensus: readonly number[];
  majority: Release | undefined;
  best: number;
  refunded: bigint;
  initiatorLost: bigint;
}

/** Posts a scenario's job on a fresh copy of the market; trainers join and validators enlist. */
export async function postScenario(market: Market, scenario: Scenario, seed: number): Promise<RunState> {
  await market.chain.restore();
  const { goalBps } = scenario;
  const world = await worldOf(scenario, seed);
  const content = new Content();
  const keys = holdoutTree(Array.from({ length: scenario.terms.rounds }, (_, shard) => keyOf(shard)));
  const chosen = {
    ...scenario.terms,
    ...(goalBps === undefined ? {} : { milestones: priceList(startBps(world), goalBps) }),
    ...(scenario.terms.holdout === "sealed" ? { holdoutRoot: keys.root } : {}),
  };
  const specDigest = sha256(toUtf8Bytes(`specification ${seed}`));
  const { initiator, chain, deployment } = market;
  const margin = standardErrorBps(world.holdout.count);
  const terms = termsOf(
    chosen,
    deployment.wrappedNative,
    chain.now,
    margin,
    specDigest,
    content.publish(world.initial),
  );
  const [posted] = eventsOf(
    await chain.block([market.call(initiator, "market", "postJob", terms, NO_PERMIT)]),
    "JobPosted",
  );
  const job = new JobOnChain(market, posted?.args["jobId"] as bigint, `incentives/${seed}`);
  const trainers = market.trainers.slice(0, scenario.trainers.length);
  const validators = market.validators.slice(0, scenario.validators.length);
  if (trainers.length < scenario.trainers.length || validators.length < scenario.validators.length) {
    throw new Error("the market has too few accounts for this scenario");
  }
  const stakes: bigint[] = [];
  for (const validator of validators) {
    stakes.push(await market.view<bigint>("registry", "freeStake", deployment.wrappedNative, validator));
  }
  await job.send([
    ...trainers.map((trainer) => job.join(trainer)),
    ...validators.map((validator) => job.call(validator, "panel", "enlist")),
  ]);
  return {
    ...{ scenario, seed, job, world, content, trainers, validators, stakes, keys },
    ...{ records: [], slashes: [], past: [], forfeited: new Set(), base: world.initial, round: 0 },
    spec: specOf(scenario.spec ?? {}, scenario.terms.holdout === "own", world.features),
    ...{
      digests: new Map(),
      updates: [],
      attempt: undefined,
      work: undefined,
      openings: [],
      vectors: [],
      consensus: [],
    },
    milestones: terms.milestones,
    marginBps: terms.margin,
    ...{ majority: undefined, best: 0, refunded: 0n, initiatorLost: 0n },
  };
}

/** A scenario's samples and initial model. */
async function worldOf(scenario: Scenario, seed: number): Promise<World> {
  const { partOf, warmRounds = 0, partition = { kind: "iid" }, data = "digits" } = scenario;
  const parts = scenario.parts ?? (partOf === undefined ? scenario.trainers.length : Math.max(...partOf) + 1);
  const world = await dealWorld(parts, partition, seed, data);
  return warmRounds === 0 ? world : { ...world, initial: plainFedAvg(world, warmRounds, seed) };
}

/** Key of a shard of the sealed holdout. */
export function keyOf(shard: number): string {
  return id(`shard ${shard}`);
}

/** Notes what any block may bring: slashes, confirmed progress, forfeits, the refund. */
export function noteEvents(run: RunState, events: readonly ChainEvent[]): void {
  for (const { name, args } of events) {
    if (name === "Slashed") {
      const validator = run.validators.indexOf(args["validator"] as string);
      run.slashes.push({ validator, amount: args["amount"] as bigint, round: run.round });
    } else if (name === "ProgressConfirmed") run.best = Number(args["best"]);
    else if (name === "JobClosed") run.refunded += args["refunded"] as bigint;
  }
}

/** Share of the samples that nobody in the job sees which the newest model gets right. */
export function testAccuracy(run: RunState): number {
  const { correct, count } = evaluate(run.base, run.world.test);
  return correct / count;
}

/** The newest model's accuracy on the committee's samples, in basis points. */
export function holdoutScore({ base, world }: RunState): number {
  const { correct, count } = evaluate(base, world.holdout);
  return accuracyBps(correct, count);
}

function startBps(world: World): number {
  const { correct, count } = evaluate(world.initial, world.holdout);
  return accuracyBps(correct, count);
}

/** A round's shard by the chain's permutation. */
export async function shardOf(run: RunState): Promise<number> {
  return Number(await run.job.view<bigint>("book", "shardOf", run.round));
}
