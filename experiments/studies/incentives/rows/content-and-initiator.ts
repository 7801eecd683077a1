import { honestTrainer, honestValidator, times } from "../../../lab/agents.ts";
import { honestSlashes, paidTo, shareOfReward } from "../../../lab/report/figures.ts";
import type { Scenario } from "../../../lab/scenario.ts";
import { atLeast, atMost, percent, type Case, type Samples, type Study } from "../../../lab/study.ts";

const TRAINERS = 6;
const VALIDATORS = 14;
const ROUNDS = 5;
/** The round in which the initiator misbehaves. */
const BAD_ROUND = 3;

/** Each trainer's file is served to all seats except these. */
const hidden = (from: Readonly<Record<number, readonly number[]>>) => (trainer: number, seat: number) =>
  from[trainer]?.includes(seat) !== true;

interface Kind extends Partial<Pick<Scenario, "serves" | "seatsShare" | "initiator" | "readable">> {
  readonly name: string;
  readonly holdout?: "sealed";
  /** Expected number of settled rounds. */
  readonly settles: number;
}

const KINDS: readonly Kind[] = [
  { name: "everything served", settles: ROUNDS },
  { name: "served to 4 of 7 seats", serves: hidden({ 0: [0, 1, 2] }), settles: ROUNDS },
  { name: "served to 3 of 7 seats", serves: hidden({ 0: [0, 1, 2, 3] }), settles: ROUNDS },
  { name: "served to 6 of 7 seats", serves: hidden({ 0: [0] }), settles: ROUNDS },
  { name: "two hide from different seats", serves: hidden({ 0: [0, 1, 2], 1: [3, 4, 5] }), settles: ROUNDS },
  {
    name: "three show every seat other files",
    serves: (trainer, seat) => trainer > 2 || (((seat + 1) >> trainer) & 1) === 1,
    settles: ROUNDS,
  },
  {
    name: "two hide, seats share",
    serves: hidden({ 0: [0, 1, 2], 1: [3, 4, 5] }),
    seatsShare: true,
    settles: ROUNDS,
  },
  { name: "sealed, all opened", holdout: "sealed", settles: ROUNDS },
  {
    name: "sealed, one not opened",
    holdout: "sealed",
    initiator: { opens: (round) => round !== BAD_ROUND },
    settles: BAD_ROUND,
  },
  { name: "sealed, one unreadable", holdout: "sealed", readable: (round) => round !== BAD_ROUND, settles: BAD_ROUND },
  { name: "cancels in Training", initiator: { cancels: (round) => round === BAD_ROUND }, settles: BAD_ROUND },
];

function badCase({ name, holdout, settles: _, ...kind }: Kind): Case {
  return {
    name,
    scenario: () => ({
      ...kind,
      trainers: times(TRAINERS, honestTrainer),
      validators: times(VALIDATORS, honestValidator),
      terms: holdout === undefined ? { rounds: ROUNDS } : { rounds: ROUNDS, holdout },
      goalBps: 9_000,
    }),
    measure: (outcome, scenario) => {
      const trainers = paidTo(
        outcome.trainers,
        scenario.trainers.map(() => true),
      );
      // `owed` is by the best released model, whether or not a second committee confirmed it.
      return {
        trainers: shareOfReward(trainers),
        owed: shareOfReward(outcome.reached),
        slashed: honestSlashes(outcome, scenario),
        failed: outcome.records.filter((record) => record.outcome === "failed").length,
        settled: outcome.settled,
        initiatorLost: shareOfReward(outcome.initiatorLost),
        refunded: shareOfReward(outcome.refunded),
      };
    },
  };
}

export const contentAndInitiator: Study = {
  id: "D10",
  file: "content-and-initiator.ts",
  title: "Hidden content and bad initiators",
  target:
    "content served to some seats only, two trainers who hide from different seats, an initiator that does not open, opens a bad shard or cancels: nobody honest slashed, the job goes on, what was reached is paid",
  setting: `${TRAINERS} trainers of whom one or two hide their file from the named seats, a committee of 7 of ${VALIDATORS} honest validators, ${ROUNDS} rounds, price list; seats that lack a file say UNAVAILABLE and score the others. The initiator misbehaves in round ${BAD_ROUND}. Where seats share, whoever has a file serves it to the others before they score, as the workers' content node does while they are connected`,
  cases: KINDS.map(badCase),
  judge: (samples) => ({
    checks: KINDS.flatMap((kind) => checksOf(samples, kind)),
    table: {
      head: [
        "what",
        "honest slashed, a seed",
        "attempts failed",
        "rounds settled",
        "trainers' pay",
        "owed for what was reached",
        "initiator's bond burned",
      ],
      rows: KINDS.map(({ name }) => [
        name,
        ...["slashed", "failed", "settled"].map((key) => samples.mean(name, key).toFixed(2)),
        ...["trainers", "owed", "initiatorLost"].map((key) => percent(samples.mean(name, key))),
      ]),
    },
    words: [
      "Owed is what the price list says of the best score that the common holdout gives a released model; trainers' pay counts what a second committee confirmed.",
    ],
  }),
};

function checksOf(samples: Samples, { name, settles }: Kind) {
  const goesOn = samples.shareOf(name, ["settled"], (settled = 0) => settled >= settles);
  const paid = samples.shareOf(name, ["trainers", "owed"], (own = 0, owed = 0) => own >= owed - 1e-6);
  return [
    atMost(`${name}: honest validators slashed, a seed`, samples.mean(name, "slashed"), { limit: 0, unit: "times" }),
    atLeast(`${name}: seeds in which the job goes on`, 100 * goesOn, { limit: 100, unit: "%", digits: 0 }),
    atLeast(`${name}: seeds in which what was reached is paid`, 100 * paid, { limit: 100, unit: "%", digits: 0 }),
  ];
}
