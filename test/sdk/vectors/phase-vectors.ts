import {
  committeePhase,
  earlyEnd,
  factsAsOf,
  phaseOf,
  roundPhase,
  type CommitteeFacts,
  type Phase,
  type RoundFacts,
  type TrainingFacts,
  type TrainingTerms,
} from "@commonweight/sdk/protocol/phases";
import type { Comparison } from "./comparison.ts";
import type { Random } from "./random.ts";

interface PhaseVector {
  readonly round: RoundFacts & TrainingFacts;
  readonly committee: CommitteeFacts;
  readonly terms: TrainingTerms;
  readonly time: number;
}

interface PhaseResult {
  readonly round: Phase;
  readonly committee: Phase;
  readonly trainingEnd: number;
  readonly disclosureEnd: number;
  readonly earlyEnd: number;
}

/** A list that the type checker knows not to be empty. */
type Numbers = readonly [number, ...number[]];

const OUTCOMES = ["running", "empty", "settled", "failed"] as const;
const SYNCS = ["bsp", "ssp", "bap"] as const;
const MAX_UINT40 = 2 ** 40 - 1;
const MAX_UINT24 = 2 ** 24 - 1;
/** The latest time to which the longest period can be added. */
const LATEST = MAX_UINT40 - MAX_UINT24;

export const phaseComparison: Comparison<PhaseVector, PhaseResult> = {
  name: "Phases: ofRound, ofCommittee, asOf, earlyEnd",
  share: 0.18,
  make: (random) => ({
    round: {
      trainingStart: timeOf(random),
      trainingEnd: timeOf(random),
      disclosureEnd: timeOf(random),
      expected: random.pick([random.int(0, 3), random.int(0, 8), random.int(0, 255)]),
      expectedCommitted: random.pick([random.int(0, 3), random.int(0, 8), random.int(0, 255)]),
      committed: random.pick([0, random.int(0, 4), random.int(0, 64), 255]),
      revealed: random.pick([0, random.int(0, 64), 255]),
      closedEarly: random.chance(0.2),
      extended: random.chance(0.2),
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
    terms: {
      sync: random.pick(SYNCS),
      minTraining: periodOf(random),
      trainingPeriod: periodOf(random),
      releaseCount: random.pick([0, random.int(1, 4), random.int(0, 64), 255]),
      releaseBps: random.pick([0, 3_333, 3_334, 5_000, random.int(0, 10_000), 10_000, 65_535]),
    },
    time: timeOf(random),
  }),
  async onChain(harness, vectors) {
    const results = await harness.phases(vectors.map(encoded));
    return results.map((result) => ({
      round: phaseOf(result.round),
      committee: phaseOf(result.committee),
      trainingEnd: Number(result.trainingEnd),
      disclosureEnd: Number(result.disclosureEnd),
      earlyEnd: Number(result.earlyEnd),
    }));
  },
  mirror({ round, committee, terms, time }) {
    const facts = factsAsOf(round, terms, time);
    return {
      round: roundPhase(facts, time),
      committee: committeePhase(committee, time),
      trainingEnd: facts.trainingEnd,
      disclosureEnd: facts.disclosureEnd,
      earlyEnd: earlyEnd(facts, terms, time),
    };
  },
};

/** A time out of few, so that bounds are hit exactly. */
function timeOf(random: Random): number {
  return random.pick([0, random.int(0, 9), random.int(0, 9), random.int(0, 9), LATEST]);
}

/** A random period, in seconds. */
function periodOf(random: Random): number {
  return random.pick([0, random.int(0, 9), random.int(0, 9), MAX_UINT24]);
}

function encoded({ round, committee, terms, time }: PhaseVector) {
  const { trainingStart, trainingEnd, disclosureEnd, closedEarly, extended, confirming } = round;
  const { drawnAt, scoringEnd, revealEnd, attestationEnd } = committee;
  const { expected, expectedCommitted, committed, revealed } = round;
  return {
    roundTimes: [trainingStart, trainingEnd, disclosureEnd] satisfies Numbers,
    committeeTimes: [drawnAt, scoringEnd, revealEnd, attestationEnd] satisfies Numbers,
    counts: [expected, expectedCommitted, committed, revealed, committee.committed] satisfies Numbers,
    outcome: OUTCOMES.indexOf(round.outcome),
    closedEarly,
    extended,
    confirming,
    ...terms,
    // On chain, 0 stands for no scheme.
    sync: 1 + SYNCS.indexOf(terms.sync),
    time,
  };
}
