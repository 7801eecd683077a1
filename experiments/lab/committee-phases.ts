import type { ScoreVector } from "@commonweight/sdk/protocol/score-vector";
import type { Samples } from "../../trainer/model/tensors.ts";
import type { AttestationView, Release, ScoringView } from "./agents.ts";
import { majorityOf, pastRound } from "./job-on-chain.ts";
import { eventsOf } from "./market.ts";
import { holdoutScore, noteEvents, testAccuracy, type RunState } from "./run-state.ts";
import { SeatWork } from "./seat-work.ts";
import type { Call, ChainEvent } from "./virtual-chain.ts";

interface Facts {
  readonly scoringEnd: bigint;
  readonly revealEnd: bigint;
  readonly attestationEnd: bigint;
  readonly judgesHoldout: boolean;
  readonly fingerprints: boolean;
}

const PERIOD = 3_600n;
const MIN_SEATS = 3;

/**
 * Whoever fell off the list and wants to enlists again; then anyone draws.
 *
 * @returns false where too few are enlisted
 */
export async function drawPhase(run: RunState): Promise<boolean> {
  const { job } = run;
  const listed = new Set(await job.view<readonly string[]>("panel", "enlistedOf"));
  const missing = run.validators.filter(
    (validator, index) => !listed.has(validator) && run.scenario.validators[index]!.returns !== false,
  );
  if (listed.size + missing.length < MIN_SEATS) return false;
  const arm = job.call(job.market.stranger, "panel", "armDraw");
  await job.send([...missing.map((validator) => job.call(validator, "panel", "enlist")), arm]);
  run.round = Number((await job.view<{ round: bigint }>("rounds", "jobOf")).round);
  const [drawn] = eventsOf(await job.byAnyone("panel", "drawCommittee"), "CommitteeDrawn");
  if (drawn === undefined) throw new Error("a draw without a committee");
  const { attempt, seed, validators } = drawn.args as unknown as {
    attempt: bigint;
    seed: string;
    validators: string[];
  };
  run.attempt = { round: run.round, attempt: Number(attempt), seed, holders: [...validators] };
  run.updates = await job.updates(run.round, run.trainers);
  const { judgesHoldout, fingerprints } = await factsOf(run);
  run.work = new SeatWork({
    ...{
      spec: run.spec,
      content: run.content,
      base: run.base,
      updates: run.updates,
      seed,
      judgesHoldout,
      fingerprints,
    },
    clusters: run.scenario.terms.clusters ?? false,
  });
  run.majority = undefined;
  run.consensus = [];
  return true;
}

/** Seats seal their vectors; what they will open is kept. */
export async function scoringPhase(run: RunState): Promise<void> {
  const { job } = run;
  const attempt = attemptOf(run);
  const commits: Call[] = [];
  const openings: (Call | undefined)[] = [];
  const vectors: (readonly number[] | undefined)[] = [];
  const facts = await factsOf(run);
  for (const [seat, index] of seatsOf(run).entries()) {
    const agent = run.scenario.validators[index]!;
    const vector = await agent.score(scoringView(run, index, facts));
    if (vector === undefined) {
      openings.push(undefined);
      vectors.push(undefined);
      continue;
    }
    const [commit, reveal] = job.scores(attempt, seat, vector);
    commits.push(commit);
    const reveals = agent.reveals?.(run.round) !== false;
    openings.push(reveals ? reveal : undefined);
    vectors.push(reveals ? vector.scores : undefined);
  }
  run.openings = openings;
  run.vectors = vectors;
  await job.send(commits);
  if ((await job.phase()) === "scoring") await job.passTo((await factsOf(run)).scoringEnd);
}

export async function revealPhase(run: RunState): Promise<void> {
  const { job } = run;
  await job.send(run.openings.filter((call) => call !== undefined));
  if ((await job.phase()) === "reveal") await job.passTo((await factsOf(run)).revealEnd);
}

export async function tallyPhase(run: RunState): Promise<void> {
  const events = await run.job.byAnyone("panel", "tally", 64);
  const consensus: number[] = [];
  for (const { args } of eventsOf(events, "UpdateTallied")) {
    consensus[Number(args["index"])] = Number(args["median"]);
  }
  run.consensus = consensus;
  noteEnd(run, events);
}

/** Seats attest; the tuple that a majority holds is what settles. */
export async function attestationPhase(run: RunState): Promise<void> {
  const { job } = run;
  const attempt = attemptOf(run);
  const calls: Call[] = [];
  const releases: (Release | undefined)[] = [];
  for (const [seat, index] of seatsOf(run).entries()) {
    const release = await run.scenario.validators[index]!.attest(attestationView(run, index));
    releases.push(release);
    if (release !== undefined) calls.push(job.attest(attempt, seat, release));
  }
  run.majority = majorityOf(releases, attempt.holders.length);
  await job.send(calls);
  if ((await job.phase()) === "attestation") await job.passTo((await factsOf(run)).attestationEnd);
}

/** Settles what a majority attests, else fails the attempt once its time is over. */
export async function settlementPhase(run: RunState): Promise<void> {
  const { job, majority } = run;
  if (majority === undefined) {
    await job.passTo((await factsOf(run)).attestationEnd + PERIOD);
    noteEnd(run, await job.byAnyone("panel", "failAttempt"));
    return;
  }
  const { digest, baseScore, score } = majority;
  noteEnd(run, await job.byAnyone("panel", "settle", digest, baseScore, score));
}

/** Writes down a finished attempt, and takes over the model that it released. */
function noteEnd(run: RunState, events: readonly ChainEvent[]): void {
  noteEvents(run, events);
  const [released] = eventsOf(events, "ModelReleased");
  if (released !== undefined) run.base = run.content.fetch(released.args["modelDigest"] as string);
  const failed = eventsOf(events, "AttemptFailed").length > 0;
  const settled = eventsOf(events, "AttemptSettled").length > 0;
  if (!failed && !settled) return;
  const updates = run.updates.map(({ trainer }) => trainer);
  run.records.push({
    ...{ round: run.round, attempt: attemptOf(run).attempt, seats: seatsOf(run), updates, consensus: run.consensus },
    vectors: run.vectors,
    outcome: settled ? "settled" : "failed",
    ...{ accuracy: testAccuracy(run), score: holdoutScore(run) },
  });
  if (settled && run.updates.length > 0) {
    run.past.push(pastRound(run.updates, run.consensus, (digest) => run.content.fetch(digest)));
  }
}

function scoringView(run: RunState, index: number, { judgesHoldout, fingerprints }: Facts): ScoringView {
  const { updates, past, round, scenario } = run;
  const sees = updates.map(({ trainer }) => isServed(run, trainer, index));
  const { samples, name } = holdoutOf(run, index);
  const isReadable = scenario.readable?.(round) !== false;
  return {
    ...{ round, updates, past, judgesHoldout, fingerprints, attempt: attemptOf(run).attempt, seats: seatsOf(run) },
    random: run.job.random("validator", round, attemptOf(run).attempt, index),
    clusters: scenario.terms.clusters ?? false,
    honest: async (): Promise<ScoreVector> => {
      const vector = await workOf(run).vector(sees, samples, name);
      return judgesHoldout ? { ...vector, readable: isReadable } : vector;
    },
  };
}

function attestationView(run: RunState, index: number): AttestationView {
  const { updates, consensus, round, scenario } = run;
  // Whoever scored an update with a number serves it until the round is settled.
  const sees = updates.map(({ trainer }) => seatsOf(run).some((other) => isServed(run, trainer, other)));
  const isCommon = scenario.terms.holdout !== "own";
  return {
    ...{ round, consensus, seats: seatsOf(run) },
    honest: () => Promise.resolve(workOf(run).release(sees, consensus, holdoutOf(run, index).samples, isCommon)),
  };
}

/** Whether a validator gets a trainer's update in time to score it. */
function isServed(run: RunState, trainer: number, index: number): boolean {
  const { scenario } = run;
  const seats = seatsOf(run);
  const serves = (seat: number) => scenario.serves?.(trainer, seat, seats) !== false;
  return scenario.seatsShare === true ? seats.some((_, seat) => serves(seat)) : serves(seats.indexOf(index));
}

function holdoutOf(run: RunState, index: number): { samples: Samples; name: string } {
  const own = run.scenario.holdoutOf?.(run.world, index, run.seed);
  return own === undefined ? { samples: run.world.holdout, name: "common" } : { samples: own, name: String(index) };
}

function seatsOf(run: RunState): readonly number[] {
  return attemptOf(run).holders.map((holder) => run.validators.indexOf(holder));
}

function attemptOf(run: RunState) {
  if (run.attempt === undefined) throw new Error("no committee is drawn");
  return run.attempt;
}

function workOf(run: RunState): SeatWork {
  if (run.work === undefined) throw new Error("no committee is drawn");
  return run.work;
}

async function factsOf(run: RunState): Promise<Facts> {
  const { round, attempt } = attemptOf(run);
  const [committee] = await run.job.view<readonly [{ facts: Facts }]>("panel", "committeeOf", round, attempt);
  return committee.facts;
}
