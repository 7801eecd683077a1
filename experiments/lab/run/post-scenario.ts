import { keccak256, sha256, toUtf8Bytes } from "ethers";

import type { JobSpec } from "@commonweight/sdk/spec/job-spec";
import { priceList, standardErrorBps } from "@commonweight/sdk/job-file/resolve-job-file";
import type { Random } from "../../../trainer/random/seeded-random.ts";
import type { TrainerAgent, ValidatorAgent } from "../agents.ts";
import { postCall, type Account } from "../driver/job-calls.ts";
import { JobDriver, type JobSetting } from "../driver/job-driver.ts";
import { SealedHoldout } from "../driver/sealed-holdout.ts";
import { eventsOf } from "../driver/virtual-chain.ts";
import { scoreBps } from "../learner.ts";
import { plainFedAvg } from "../plain-fedavg.ts";
import type { Market } from "../market.ts";
import { seededRandom } from "../random.ts";
import type { Scenario } from "../scenario.ts";
import { termsOf, type Terms } from "../terms.ts";
import { dealWorld, specOf, type World } from "../world.ts";
import { Content } from "./content.ts";

/** An agent and the account that it sends from. */
export interface Player<Agent> {
  readonly agent: Agent;
  readonly account: Account;
}

/** Setup of a run; only `content` grows while it runs. */
export interface Run {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly market: Market;
  readonly job: JobDriver<Terms, void>;
  readonly world: World;
  readonly spec: JobSpec;
  /** Everything published so far. */
  readonly content: Content;
  readonly trainers: readonly Player<TrainerAgent>[];
  readonly validators: readonly Player<ValidatorAgent>[];
  /** The validators' stakes when the job was posted. */
  readonly stakes: readonly bigint[];
  readonly holdout: SealedHoldout;
  /** Random numbers seeded by the run and these arguments only. */
  random(...places: readonly (string | number)[]): Random;
}

/** Restores the market's snapshot and posts a scenario's job; trainers join and validators enlist. */
export async function postScenario(market: Market, scenario: Scenario, seed: number): Promise<Run> {
  const { chain, contracts, token } = market;
  await chain.restore();
  const world = await worldOf(scenario, seed);
  const content = new Content();
  const holdout = new SealedHoldout(scenario.terms.rounds);
  const terms = postedTerms({ market, scenario, seed, world, holdout, model: content.publish(world.initial) });
  const trainers = players(scenario.trainers, market.trainers);
  const validators = players(scenario.validators, market.validators);
  const name = `incentives/${seed}`;

  const { initiator, stranger } = market;
  const saltOf = (...places: readonly (string | number)[]) => keccak256(toUtf8Bytes([name, ...places].join("/")));
  const setting: JobSetting<void> = { chain, contracts, initiator, stranger, saltOf };
  await chain.send(await postCall(contracts, initiator, terms));
  const [posted] = eventsOf(await chain.block(), "JobPosted");
  const job = new JobDriver(setting, posted?.args["jobId"] as bigint, terms);

  const stakes: bigint[] = [];
  for (const { account } of validators) stakes.push(await contracts.registry.freeStake(token, account.address));
  await job.join(...trainers.map(({ account }) => account));
  await job.enlistStaked(...validators.map(({ account }) => account));
  await chain.block();
  return {
    ...{ scenario, seed, market, job, world, content, trainers, validators, stakes, holdout },
    spec: specOf(scenario.spec ?? {}, scenario.terms.holdout === "own", world.features),
    random: (...places) => seededRandom([name, ...places].join("/")),
  };
}

interface Posting {
  readonly market: Market;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly world: World;
  readonly holdout: SealedHoldout;
  /** Digest of the initial model. */
  readonly model: string;
}

function postedTerms({ market, scenario, seed, world, holdout, model }: Posting): Terms {
  const { goalBps, terms } = scenario;
  return termsOf({
    choice: {
      ...terms,
      ...(goalBps === undefined ? {} : { milestones: priceList(scoreBps(world.initial, world.holdout), goalBps) }),
      ...(terms.holdout === "sealed" ? { holdoutRoot: holdout.root } : {}),
    },
    token: market.token,
    now: market.chain.now,
    marginBps: standardErrorBps(world.holdout.count),
    specDigest: sha256(toUtf8Bytes(`specification ${seed}`)),
    modelDigest: model,
  });
}

function players<Agent>(agents: readonly Agent[], accounts: readonly Account[]): Player<Agent>[] {
  return agents.map((agent, index) => {
    const account = accounts[index];
    if (account === undefined) throw new Error("the market has too few accounts for this scenario");
    return { agent, account };
  });
}

/** A scenario's samples and initial model. */
async function worldOf(scenario: Scenario, seed: number): Promise<World> {
  const { partOf, warmRounds = 0, partition = { kind: "iid" }, data = "digits" } = scenario;
  const parts = scenario.parts ?? (partOf === undefined ? scenario.trainers.length : Math.max(...partOf) + 1);
  const world = await dealWorld(parts, partition, seed, data);
  return warmRounds === 0 ? world : { ...world, initial: plainFedAvg(world, warmRounds, seed) };
}
