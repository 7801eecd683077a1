import { crusher, voider } from "../../../adversaries/crushing-validators.ts";
import { honestTrainer, honestValidator, times, type ValidatorAgent } from "../../../lab/agents.ts";
import { honestSlashes, paidTo, shareOfReward } from "../../../lab/report/figures.ts";
import { seededRandom } from "../../../lab/random.ts";
import type { Scenario } from "../../../lab/scenario.ts";
import { atLeast, atMost, errorOf, meanOf, percent } from "../../../lab/study.ts";
import type { Case, Samples as CaseSamples, Study } from "../../../lab/study.ts";
import { initiatorBondOf } from "../../../lab/terms.ts";
import type { World } from "../../../lab/world.ts";
import type { Samples } from "../../../../trainer/model/tensors.ts";

const TRAINERS = 6;
const VALIDATORS = 14;
/** Seats of a committee of which exactly half deviate. */
const EVEN = 8;
const ROUNDS = 5;
/** The round in which the initiator misbehaves. */
const BAD_ROUND = 3;

/** Each trainer's file is served to all seats except these. */
const hidden = (from: Readonly<Record<number, readonly number[]>>) => (trainer: number, seat: number) =>
  from[trainer]?.includes(seat) !== true;

/** A shard that can be read, and on which no update gains: its labels are random. */
function worthless({ holdout, classes }: World, round: number, seed: number): Samples {
  const random = seededRandom(`worthless/${seed}/${round}`);
  return { ...holdout, labels: holdout.labels.map(() => Math.floor(classes * random())) };
}

/** An initiator with worthless shards in some rounds. */
const worthlessIn = (isBad: (round: number) => boolean) => (world: World, round: number, seed: number) =>
  isBad(round) ? worthless(world, round, seed) : world.holdout;

type Choices = "serves" | "seatsShare" | "initiator" | "readable" | "shardOf" | "validators";

interface Kind extends Partial<Pick<Scenario, Choices>> {
  readonly name: string;
  readonly holdout?: "sealed";
  readonly seats?: number;
  /** Whether the initiator keeps trainers from gaining: then what the common holdout says was reached is not paid. */
  readonly saves?: true;
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
  { name: "sealed, none readable", holdout: "sealed", readable: () => false, settles: 1 },
  {
    name: "sealed, one worthless",
    holdout: "sealed",
    shardOf: worthlessIn((round) => round === BAD_ROUND),
    saves: true,
    settles: ROUNDS,
  },
  {
    name: "sealed, the last worthless",
    holdout: "sealed",
    shardOf: worthlessIn((round) => round === ROUNDS),
    saves: true,
    settles: ROUNDS,
  },
  { name: "sealed, all worthless", holdout: "sealed", shardOf: worthlessIn(() => true), saves: true, settles: ROUNDS },
  { name: "cancels in Training", initiator: { cancels: (round) => round === BAD_ROUND }, settles: BAD_ROUND },
  {
    name: "cancels once 80 % is confirmed",
    initiator: { cancels: (_, best) => best >= 8_000 },
    settles: 2,
  },
  { name: "half the seats void one update", ...halfOf(voider(0)), settles: ROUNDS },
  { name: "half the seats crush one update", ...halfOf(crusher(0)), settles: ROUNDS },
];

/** All of the list are drawn, so that exactly half of the seats deviate. */
function halfOf(deviator: ValidatorAgent): Pick<Kind, "validators" | "seats"> {
  return { seats: EVEN, validators: [...times(EVEN / 2, honestValidator), ...times(EVEN / 2, deviator)] };
}

/** The kind in which nothing is hidden, withheld or bad. */
function referenceOf({ holdout }: Kind): string {
  return holdout === "sealed" ? "sealed, all opened" : "everything served";
}

function badCase({ name, holdout, seats, settles: _, saves: __, ...kind }: Kind): Case {
  return {
    name,
    scenario: () => ({
      trainers: times(TRAINERS, honestTrainer),
      validators: times(VALIDATORS, honestValidator),
      ...kind,
      terms: {
        rounds: ROUNDS,
        ...(holdout === undefined ? {} : { holdout }),
        ...(seats === undefined ? {} : { committeeSize: seats }),
      },
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
        initiatorBond: shareOfReward(initiatorBondOf(scenario.terms)),
        accuracy: outcome.accuracy,
      };
    },
  };
}

export const contentAndInitiator: Study = {
  id: "D10",
  file: "content-and-initiator.ts",
  title: "Hidden content and bad initiators",
  target:
    "content served to some seats only, two trainers who hide from different seats, an initiator that does not open, opens bad shards (one, the last, all) or cancels at the best moment, half the seats that void or crush one update: nobody honest slashed, the job goes on, what was reached is paid",
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
        "accuracy of the model",
        "initiator's bond",
        "of it burned",
        "initiator gets back more than without (two standard errors)",
      ],
      rows: KINDS.map((kind) => {
        const { name } = kind;
        const saved = samples.gaps(name, referenceOf(kind), "refunded");
        return [
          name,
          ...["slashed", "failed", "settled"].map((key) => samples.mean(name, key).toFixed(2)),
          ...["trainers", "owed", "accuracy", "initiatorBond", "initiatorLost"].map((key) =>
            percent(samples.mean(name, key)),
          ),
          `${percent(meanOf(saved))} (${percent(errorOf(saved))})`,
        ];
      }),
    },
    words: [
      "What the initiator gets back is the refund and its bond, as a share of the reward, beside the run of the same seed in which everything is served and opened. A worthless shard can be read, and its labels are random; here nobody leaves, while workers leave a job whose shard is much harder than the public one (`JOB_HARDER_SHARD`), so these figures are what it saves at most.",
      "Owed is what the price list says of the best score that the common holdout gives a released model; trainers' pay counts what a second committee confirmed.",
    ],
  }),
};

function checksOf(samples: CaseSamples, { name, settles, saves }: Kind) {
  const goesOn = samples.shareOf(name, ["settled"], (settled = 0) => settled >= settles);
  const paid = samples.shareOf(name, ["trainers", "owed"], (own = 0, owed = 0) => own >= owed - 1e-6);
  return [
    atMost(`${name}: honest validators slashed, a seed`, samples.mean(name, "slashed"), { limit: 0, unit: "times" }),
    atLeast(`${name}: seeds in which the job goes on`, 100 * goesOn, { limit: 100, unit: "%", digits: 0 }),
    ...(saves === true
      ? []
      : [
          atLeast(`${name}: seeds in which what was reached is paid`, 100 * paid, { limit: 100, unit: "%", digits: 0 }),
        ]),
  ];
}
