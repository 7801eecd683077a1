import type { ScoreVector } from "@commonweight/sdk/protocol/score-vector";
import type { ListedUpdate, PastRound } from "../agents.ts";
import { eventsOf, type ChainEvent } from "../driver/virtual-chain.ts";
import { accuracyOf, scoreBps } from "../learner.ts";
import { seatIndices, type Committee } from "./committee.ts";
import {
  attestationPhase,
  drawPhase,
  revealPhase,
  scoringPhase,
  settlementPhase,
  tallyPhase,
} from "./committee-phases.ts";
import type { Content } from "./content.ts";
import { withEvents, type History } from "./history.ts";
import type { Run } from "./post-scenario.ts";

/** Result of one attempt. */
interface Ended {
  readonly committee: Committee;
  readonly vectors: readonly (ScoreVector | undefined)[];
  readonly consensus: readonly number[];
  /** Events of its tally and its settlement. */
  readonly events: readonly ChainEvent[];
}

/**
 * Runs an attempt from the draw to its end.
 *
 * @returns the history including the attempt; `undefined` if too few validators are enlisted
 */
export async function playAttempt(run: Run, history: History): Promise<History | undefined> {
  const committee = await drawPhase(run, history);
  return committee && withAttempt(run, history, await judge(run, committee, history.past));
}

async function judge(run: Run, committee: Committee, past: readonly PastRound[]): Promise<Ended> {
  const sealed = await scoringPhase(run, committee, past);
  const vectors = (await run.job.phase()) === "reveal" ? await revealPhase(run, committee, sealed) : sealed;
  const { consensus, events } = await tallyPhase(run);
  if ((await run.job.phase()) !== "attestation") return { committee, vectors, consensus, events };
  const majority = await attestationPhase(run, committee, consensus);
  return { committee, vectors, consensus, events: [...events, ...(await settlementPhase(run, committee, majority))] };
}

/** Adds an attempt's record and events to the history, and updates the model if it released one. */
function withAttempt(run: Run, before: History, { committee, vectors, consensus, events }: Ended): History {
  const { round, attempt, updates } = committee;
  const { world, content, validators } = run;
  const [released] = eventsOf(events, "ModelReleased");
  const model = released === undefined ? before.model : content.fetch(released.args["modelDigest"] as string);
  const settled = eventsOf(events, "AttemptSettled").length > 0;
  const record = {
    ...{ round, attempt, consensus, seats: seatIndices(committee) },
    updates: updates.map(({ trainer }) => trainer),
    vectors: vectors.map((vector) => vector?.scores),
    outcome: settled ? ("settled" as const) : ("failed" as const),
    ...{ accuracy: accuracyOf(model, world.test), score: scoreBps(model, world.holdout) },
  };
  const past = settled && updates.length > 0 ? [...before.past, pastRound(updates, consensus, content)] : before.past;
  const known = withEvents(before, events, { validators, round });
  const releasedIn = released === undefined ? before.releasedIn : round;
  return { ...known, model, releasedIn, past, records: [...before.records, record] };
}

/** Public data of a round, for the agents of later rounds. */
function pastRound(updates: readonly ListedUpdate[], consensus: readonly number[], content: Content): PastRound {
  return {
    updates: new Map(updates.map(({ trainer, digest }) => [trainer, content.fetch(digest)])),
    consensus: new Map(updates.map(({ trainer }, at) => [trainer, consensus[at] ?? 0])),
  };
}
