import { captor, captorsTrainer, holdsCommittee, isShown } from "../../../adversaries/captors.ts";
import { honestTrainer, honestValidator, times } from "../../../lab/agents.ts";
import { honestSlashes, shareOfReward } from "../../../lab/report/figures.ts";
import type { Outcome } from "../../../lab/scenario.ts";
import { atMost, errorOf, meanOf, percent, type Case, type Study } from "../../../lab/study.ts";

const POOL = 20;
const HONEST_TRAINERS = 4;
/** Trainers of the party: the first is paid, the others only hide their files. */
const PARTY_TRAINERS = 3;
const ROUNDS = 30;
/** Locks of the party, and the maximum captured share of the reward in per cent. */
const LIMITS = [
  [4, 1],
  [6, 5],
  [8, 33],
] as const;
/** Seats of a committee. */
const SIZES = [7, 9, 11] as const;
const WAYS = {
  "all views alike": false,
  "shows every seat other files": true,
} as const;
type Way = keyof typeof WAYS;

interface Party {
  readonly locks: number;
  readonly seats: number;
  readonly way: Way;
}

const PARTIES = LIMITS.flatMap(([locks, limit]) =>
  SIZES.flatMap((seats) => (Object.keys(WAYS) as Way[]).map((way) => ({ locks, limit, seats, way }))),
);
/** Validators' share of the reward; an honest seat's average part of it does not count as captured. */
const VALIDATOR_SHARE = 0.15;

function captureCase({ locks, seats, way }: Party): Case {
  const members = new Set(Array.from({ length: locks }, (_, at) => POOL - locks + at));
  const splits = WAYS[way];
  const party = captor({ members, trainer: HONEST_TRAINERS });
  return {
    name: nameOf({ locks, seats, way }),
    scenario: () => ({
      trainers: [...times(HONEST_TRAINERS, honestTrainer), ...times(PARTY_TRAINERS, captorsTrainer)],
      validators: [...times(POOL - locks, honestValidator), ...times(locks, party)],
      terms: { rounds: ROUNDS, committeeSize: seats },
      goalBps: 9_000,
      ...(splits ? { serves: (trainer, seat, drawn) => shows(members, trainer, seat, drawn) } : {}),
    }),
    measure: (outcome, scenario) => ({
      captured: capturedBy(outcome, locks),
      trainer: shareOfReward(outcome.trainers[HONEST_TRAINERS]!.paid),
      rounds: capturedRounds(outcome, members),
      slashed: honestSlashes(outcome, scenario),
      stake: shareOfReward(
        outcome.slashes.reduce((sum, { validator, amount }) => (members.has(validator) ? sum : sum + amount), 0n),
      ),
      accuracy: outcome.accuracy,
    }),
  };
}

/** Whether a trainer serves a seat; the party hides files only once it has a majority of the drawn seats. */
function shows(members: ReadonlySet<number>, trainer: number, seat: number, seats: readonly number[]): boolean {
  const file = trainer - HONEST_TRAINERS;
  return file < 0 || !holdsCommittee(members, seats) || isShown(file, seat);
}

/** Captured share of the reward: pay of the party's trainer, plus its validators' pay above their average part. */
function capturedBy(outcome: Outcome, locks: number): number {
  const seats = outcome.validators.slice(POOL - locks).reduce((sum, { paid }) => sum + paid, 0n);
  const fair = (VALIDATOR_SHARE * locks) / POOL;
  return shareOfReward(outcome.trainers[HONEST_TRAINERS]!.paid) + Math.max(0, shareOfReward(seats) - fair);
}

function capturedRounds({ records }: Outcome, members: ReadonlySet<number>): number {
  const captured = records.filter(({ seats }) => holdsCommittee(members, seats));
  return captured.length / records.length;
}

function nameOf({ locks, seats, way }: Party): string {
  return `${locks} of ${POOL} locks, ${seats} seats, ${way}`;
}

/** Chance that most of a committee's seats, drawn at random, fall to `locks` of the list: hypergeometric. */
function chanceOfMost(locks: number, seats: number): number {
  const most = Math.floor(seats / 2) + 1;
  const counts = Array.from({ length: Math.max(0, Math.min(locks, seats) - most + 1) }, (_, more) => most + more);
  const ways = counts.map((own) => choose(locks, own) * choose(POOL - locks, seats - own));
  return ways.reduce((sum, own) => sum + own, 0) / choose(POOL, seats);
}

function choose(of: number, count: number): number {
  return Array.from({ length: count }, (_, at) => (of - at) / (at + 1)).reduce((product, own) => product * own, 1);
}

export const captors: Study = {
  id: "D6",
  file: "captors.ts",
  title: "One party with many locks",
  target:
    "4, 6, 8 of 20 locks, k = 7, 9, 11, 30 rounds: captured share of the reward <= 1 %, 5 %, 33 %, beside the chance of most seats; it never reaches another job or a stake",
  setting: `${HONEST_TRAINERS} honest trainers and ${PARTY_TRAINERS} of the party's that hand in nothing of use; the party scores honestly until it holds most seats of a committee, then gives its own trainer all weight and attests that everything is reached; ${ROUNDS} rounds, price list. Captured is what that trainer is paid and what the party's validators get beyond their part of the list`,
  cases: PARTIES.map(captureCase),
  judge(samples) {
    const cases = PARTIES.map((party) => ({ ...party, name: nameOf(party) }));
    return {
      checks: cases.flatMap(({ name, limit }) => [
        atMost(`${name}: captured`, 100 * samples.mean(name, "captured"), { limit, unit: "% of the reward" }),
        atMost(`${name}: honest stake that burned`, 100 * samples.mean(name, "stake"), {
          limit: 0,
          unit: "% of the reward",
        }),
      ]),
      table: {
        head: [
          "party",
          "chance of most seats",
          "committees captured",
          "captured (two standard errors)",
          "largest",
          "honest validators slashed",
          "accuracy",
        ],
        rows: cases.map(({ name, locks, seats }) => [
          name,
          percent(chanceOfMost(locks, seats)),
          percent(samples.mean(name, "rounds")),
          `${percent(samples.mean(name, "captured"), 2)} (${percent(errorOf(samples.figure(name, "captured")), 2)})`,
          percent(Math.max(...samples.figure(name, "captured"))),
          meanOf(samples.figure(name, "slashed")).toFixed(2),
          percent(samples.mean(name, "accuracy")),
        ]),
      },
      words: [
        "What burns is nobody's gain: a captured committee takes stake from honest seats, it does not get it. Other jobs have pots of their own, and no call here names another job.",
      ],
    };
  },
};
