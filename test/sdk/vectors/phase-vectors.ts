import {
  committeePhase,
  phaseOf,
  roundPhase,
  trainingEndAfterCommit,
  type CommitteeFacts,
  type Phase,
  type RoundFacts,
  type TrainingFacts,
} from "../../../sdk/phases.ts";
import type { Comparison } from "./comparison.ts";
import type { Random } from "./random.ts";

interface PhaseVector {
  readonly round: RoundFacts & TrainingFacts;
  readonly committee: CommitteeFacts;
  readonly minTraining: number;
  readonly time: number;
}

interface PhaseResult {
  readonly round: Phase;
  readonly committee: Phase;
  readonly trainingEnd: number;
}

/** Of a length that the type checker knows. */
type Numbers = readonly [number, ...number[]];

const OUTCOMES = ["running", "empty", "settled", "failed"] as const;
const MAX_UINT40 = 2 ** 40 - 1;

export const phaseComparison: Comparison<PhaseVector, PhaseResult> = {
  name: "Phases: ofRound, ofCommittee, trainingEndAfterCommit",
  share: 0.12,
  make: (random) => ({
    round: {
      trainingStart: timeOf(random),
      trainingEnd: timeOf(random),
      disclosureEnd: timeOf(random),
      expected: random.int(0, 3),
      expectedCommitted: random.int(0, 3),
      committed: random.pick([0, random.int(0, 64), 255]),
      revealed: random.pick([0, random.int(0, 64), 255]),
      closedEarly: random.chance(0.2),
      confirming: random.chance(0.2),
      outcome: random.chance(0.6) ? "running" : random.pick(OUTCOMES),
    },
    committee: {
      drawnAt: timeOf(random),
      scoringEnd: timeOf(random),
      revealEnd: timeOf(random),
      attestationEnd: timeOf(random),
      committed: random.int(0, 3),
    },
    minTraining: random.pick([0, random.int(0, 9), 2 ** 32 - 1]),
    time: timeOf(random),
  }),
  async onChain(harness, vectors) {
    const results = await harness.phases(vectors.map(encoded));
    return results.map((result) => ({
      round: phaseOf(result.round),
      committee: phaseOf(result.committee),
      trainingEnd: Number(result.trainingEnd),
    }));
  },
  mirror: ({ round, committee, minTraining, time }) => ({
    round: roundPhase(round, time),
    committee: committeePhase(committee, time),
    trainingEnd: trainingEndAfterCommit(round, minTraining, time),
  }),
};

/** So few different times that bounds are hit exactly. */
function timeOf(random: Random): number {
  return random.pick([0, random.int(0, 9), random.int(0, 9), random.int(0, 9), MAX_UINT40]);
}

function encoded({ round, committee, minTraining, time }: PhaseVector) {
  const { trainingStart, trainingEnd, disclosureEnd, closedEarly, confirming } = round;
  const { drawnAt, scoringEnd, revealEnd, attestationEnd } = committee;
  const { expected, expectedCommitted, committed, revealed } = round;
  return {
    roundTimes: [trainingStart, trainingEnd, disclosureEnd] satisfies Numbers,
    committeeTimes: [drawnAt, scoringEnd, revealEnd, attestationEnd] satisfies Numbers,
    counts: [expected, expectedCommitted, committed, revealed, committee.committed] satisfies Numbers,
    outcome: OUTCOMES.indexOf(round.outcome),
    closedEarly,
    confirming,
    minTraining,
    time,
  };
}
