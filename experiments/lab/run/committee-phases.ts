import { packVector, type ScoreVector } from "@commonweight/sdk/protocol/score-vector";
import type { ListedUpdate, PastRound, Release } from "../agents.ts";
import { eventsOf, type ChainEvent } from "../driver/virtual-chain.ts";
import { attestationView, scoringView, type Committee, type SeatedAgent, type Sight } from "./committee.ts";
import type { History } from "./history.ts";
import type { Run } from "./post-scenario.ts";
import { SeatWork } from "./seat-work.ts";
import { stoodStill } from "./standstill.ts";

const MIN_SEATS = 3;

/**
 * Enlists delisted validators again, unless they refuse, and draws a committee.
 *
 * @returns `undefined` if too few validators are enlisted
 */
export async function drawPhase(
  run: Pick<Run, "market" | "job" | "spec" | "content" | "trainers" | "validators">,
  { model: base, releasedIn }: Pick<History, "model" | "releasedIn">,
): Promise<Committee | undefined> {
  const { job, market, spec, content } = run;
  const listed = new Set(await job.calls.enlisted());
  const missing = run.validators.filter(
    ({ account, agent }) => !listed.has(account.address) && agent.returns !== false,
  );
  if (listed.size + missing.length < MIN_SEATS) return undefined;
  await job.enlistStaked(...missing.map(({ account }) => account));
  // Members of the list that the draw picks from are there already, unless too few are left of them.
  await market.chain.block();
  const round = Number(await job.round());
  await job.draw();
  const [drawn] = eventsOf(await market.chain.block(), "CommitteeDrawn");
  if (drawn === undefined) throw new Error("the draw emitted no CommitteeDrawn event");
  const { seed, validators } = drawn.args as unknown as { seed: string; validators: readonly string[] };
  const attempt = Number(drawn.args["attempt"]);
  const updates = await listedUpdates(run, round);
  const { facts } = (await job.calls.committee(round, attempt)).committee;
  const { judgesHoldout, fingerprints, confirming } = facts;
  const clusters = facts.clusters;
  return {
    ...{ round, attempt, updates, judgesHoldout, fingerprints, confirming, releasedIn },
    seats: [...validators].map((holder, place): SeatedAgent => {
      const index = run.validators.findIndex(({ account }) => account.address === holder);
      const { agent, account } = run.validators[index]!;
      return { round, attempt, place, index, agent, holder: account };
    }),
    work: new SeatWork({ spec, content, base, updates, seed, clusters, judgesHoldout, fingerprints, confirming }),
  };
}

/** The updates that were disclosed in a round. */
async function listedUpdates({ job, trainers }: Pick<Run, "job" | "trainers">, round: number): Promise<ListedUpdate[]> {
  const { updates, copies } = await job.calls.updates(round);
  return updates.map(({ trainer, order, digest }, at) => ({
    trainer: trainers.findIndex(({ account }) => account.address === trainer),
    order: Number(order),
    digest,
    isCopy: ((copies >> BigInt(at)) & 1n) === 1n,
  }));
}

/**
 * Seats commit to their score vectors.
 *
 * @returns the vector that each seat will reveal; `undefined` for silent seats
 */
export async function scoringPhase(
  run: Sight & Pick<Run, "market" | "job" | "random">,
  committee: Committee,
  past: readonly PastRound[],
): Promise<readonly (ScoreVector | undefined)[]> {
  const { job, market } = run;
  if (await stoodStill(run, "scoring", committee.attempt)) return committee.seats.map(() => undefined);
  const vectors: (ScoreVector | undefined)[] = [];
  for (const seat of committee.seats) {
    const vector = await seat.agent.score(scoringView(run, committee, past, seat.index));
    if (vector !== undefined) await job.commitVector(seat, packVector(vector));
    vectors.push(seat.agent.reveals?.(committee.round) === false ? undefined : vector);
  }
  await market.chain.block();
  if ((await job.phase()) === "scoring") await job.passScoring();
  return vectors;
}

/**
 * Seats reveal their score vectors.
 *
 * @returns what each seat revealed; `undefined` for silent seats
 */
export async function revealPhase(
  run: Pick<Run, "market" | "job" | "scenario">,
  { attempt, seats }: Committee,
  vectors: readonly (ScoreVector | undefined)[],
): Promise<readonly (ScoreVector | undefined)[]> {
  const { job, market } = run;
  if (await stoodStill(run, "reveal", attempt)) return seats.map(() => undefined);
  for (const seat of seats) if (vectors[seat.place] !== undefined) await job.revealVector(seat);
  await market.chain.block();
  if ((await job.phase()) === "reveal") await job.passReveal();
  return vectors;
}

/** Result of the tally. */
export interface Tallied {
  readonly events: readonly ChainEvent[];
  /** Consensus scores, in the order of the updates. */
  readonly consensus: readonly number[];
}

export async function tallyPhase({ job, market }: Pick<Run, "market" | "job">): Promise<Tallied> {
  await job.tally();
  const events = await market.chain.block();
  const consensus: number[] = [];
  for (const { args } of eventsOf(events, "UpdateTallied")) {
    consensus[Number(args["index"])] = Number(args["median"]);
  }
  return { events, consensus };
}

/**
 * Seats attest.
 *
 * @returns the model that a majority attests, if one does
 */
export async function attestationPhase(
  run: Sight & Pick<Run, "market" | "job">,
  committee: Committee,
  consensus: readonly number[],
): Promise<Release | undefined> {
  const { job, market } = run;
  if (await stoodStill(run, "attestation", committee.attempt)) return undefined;
  const releases: (Release | undefined)[] = [];
  for (const seat of committee.seats) {
    const release = await seat.agent.attest(attestationView(run, committee, consensus, seat.index));
    releases.push(release);
    if (release !== undefined) await job.attestModel(seat, release);
  }
  await market.chain.block();
  if ((await job.phase()) === "attestation") await job.passAttestation();
  return majorityOf(releases);
}

/** Settles the model that a majority attests; without one, fails the attempt after its deadline. */
export async function settlementPhase(
  run: Pick<Run, "market" | "job" | "scenario">,
  { attempt }: Committee,
  majority: Release | undefined,
): Promise<readonly ChainEvent[]> {
  const { job, market } = run;
  if ((await stoodStill(run, "settlement", attempt)) || majority === undefined) {
    await job.passSettlement();
    await job.failAttempt();
  } else await job.settle(majority);
  return market.chain.block();
}

/** The model that a majority of seats attests with the same scores, if any. */
function majorityOf(releases: readonly (Release | undefined)[]): Release | undefined {
  const alike = Map.groupBy(
    releases.filter((release) => release !== undefined),
    ({ digest, baseScore, score }) => `${digest} ${baseScore} ${score}`,
  );
  return [...alike.values()].find(({ length }) => length > releases.length / 2)?.[0];
}
