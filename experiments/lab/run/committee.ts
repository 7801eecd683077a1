import type { ScoreVector } from "@commonweight/sdk/protocol/score-vector";
import type { Samples } from "../../../trainer/model/tensors.ts";
import type { AttestationView, ListedUpdate, PastRound, ScoringView, ValidatorAgent } from "../agents.ts";
import type { Seat } from "../driver/job-driver.ts";
import type { Run } from "./post-scenario.ts";
import type { HoldoutView, SeatWork } from "./seat-work.ts";

/** A seat and the agent that holds it. */
export interface SeatedAgent extends Seat {
  readonly agent: ValidatorAgent;
  /** The agent's index among the scenario's validators. */
  readonly index: number;
}

/** The committee of one attempt, and its task. */
export interface Committee {
  readonly round: number;
  readonly attempt: number;
  readonly seats: readonly SeatedAgent[];
  readonly updates: readonly ListedUpdate[];
  readonly judgesHoldout: boolean;
  /** Whether score vectors end with a fingerprint of the computation. */
  readonly fingerprints: boolean;
  /** Whether the round only confirms the released model. */
  readonly confirming: boolean;
  /** The round that released the base; 0 for the initial model. */
  readonly releasedIn: number;
  readonly work: SeatWork;
}

/** The parts of a run that determine which content each seat can fetch. */
export type Sight = Pick<Run, "scenario" | "world" | "seed">;

/** Indices of a committee's agents among the scenario's validators, by seat. */
export function seatIndices({ seats }: Committee): readonly number[] {
  return seats.map(({ index }) => index);
}

/** What a seat knows when it scores. */
export function scoringView(
  run: Sight & Pick<Run, "random">,
  committee: Committee,
  past: readonly PastRound[],
  index: number,
): ScoringView {
  const { round, attempt, updates, judgesHoldout, fingerprints, confirming, work } = committee;
  const { scenario } = run;
  const sees = updates.map(({ trainer }) => isServed(run, committee, trainer, index));
  const isReadable = scenario.readable?.(round) !== false;
  return {
    ...{ round, attempt, updates, past, judgesHoldout, fingerprints, confirming, seats: seatIndices(committee) },
    random: run.random("validator", round, attempt, index),
    clusters: scenario.terms.clusters ?? false,
    honest: async (): Promise<ScoreVector> => {
      const vector = await work.vector(sees, holdoutOf(run, committee, index));
      return judgesHoldout ? { ...vector, readable: isReadable } : vector;
    },
  };
}

/** What a seat knows when it attests. */
export function attestationView(
  run: Sight,
  committee: Committee,
  consensus: readonly number[],
  index: number,
): AttestationView {
  const seats = seatIndices(committee);
  // A seat that has an update serves it to the others until the round is settled.
  const sees = committee.updates.map(({ trainer }) => seats.some((other) => isServed(run, committee, trainer, other)));
  return {
    ...{ round: committee.round, consensus, seats },
    honest: () => Promise.resolve(committee.work.release(sees, consensus, holdoutOf(run, committee, index))),
  };
}

/** Whether a validator gets a trainer's update in time to score it. */
function isServed({ scenario }: Sight, committee: Committee, trainer: number, index: number): boolean {
  const seats = seatIndices(committee);
  const serves = (seat: number) => scenario.serves?.(trainer, seat, seats) !== false;
  return scenario.seatsShare === true ? seats.some((_, seat) => serves(seat)) : serves(seats.indexOf(index));
}

function holdoutOf(run: Sight, { round, confirming, releasedIn }: Committee, index: number): HoldoutView {
  const { scenario, world, seed } = run;
  const isCommon = scenario.terms.holdout !== "own";
  const own = scenario.holdoutOf?.(world, index, seed);
  if (own !== undefined) return { samples: own, check: own, name: String(index), isCommon };
  const check = shardOf(run, releasedIn);
  return { samples: confirming ? check : shardOf(run, round), check, name: "common", isCommon };
}

/** The samples that a round scores on; those of round 0 are the public part. */
function shardOf({ scenario, world, seed }: Sight, round: number): Samples {
  return (round === 0 ? undefined : scenario.shardOf?.(world, round, seed)) ?? world.holdout;
}
