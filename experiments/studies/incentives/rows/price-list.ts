import { noiseIdentity, scaled, slicer, wrecker } from "../../../adversaries/gamers.ts";
import { honestTrainer, honestValidator, times, type TrainerAgent } from "../../../lab/agents.ts";
import { attackersShare, paidTo, shareOfReward } from "../../../lab/report/figures.ts";
import type { Outcome, Scenario } from "../../../lab/scenario.ts";
import { atMost, errorOf, meanOf, percent, type Case, type Study } from "../../../lab/study.ts";

const ROUNDS = 30;
const FACTORS = [2, 5, 10] as const;
/** Rounds of plain training before a job that starts at convergence. */
const WARM = 60;
/** Number of last rounds whose mean score is taken as the model's final score. */
const LAST = 5;

interface Kind {
  readonly name: string;
  readonly trainers: readonly TrainerAgent[];
  readonly more?: Partial<Scenario>;
  /** Fixed budget per round instead of the price list. */
  readonly budget?: true;
}

const withOne = (agent: TrainerAgent): TrainerAgent[] => [...times(4, honestTrainer), agent];
const ROBUST = { spec: { aggregation: { rule: "median" } } } as const;
const CONVERGED = { warmRounds: WARM, goalBps: 9_700 } as const;

const KINDS: readonly Kind[] = [
  { name: "slices of a fifth", trainers: times(5, slicer) },
  { name: "worsen and repair", trainers: times(5, wrecker), more: ROBUST },
  { name: "scaled by 1", trainers: withOne(scaled(1)) },
  ...FACTORS.map((factor) => ({ name: `scaled by ${factor}`, trainers: withOne(scaled(factor)) })),
  { name: "converged", trainers: times(4, honestTrainer), more: CONVERGED },
  {
    name: "converged, 3 noise identities",
    trainers: [...times(4, honestTrainer), ...times(3, noiseIdentity)],
    more: CONVERGED,
  },
  {
    name: "converged, a budget a round",
    trainers: [...times(4, honestTrainer), ...times(3, noiseIdentity)],
    more: CONVERGED,
    budget: true,
  },
];

function gameCase({ name, trainers, more, budget }: Kind): Case {
  const { goalBps = 9_000, ...others } = more ?? {};
  return {
    name,
    scenario: () => ({
      trainers,
      validators: times(5, honestValidator),
      terms: { rounds: ROUNDS, committeeSize: 3 },
      ...(budget === true ? {} : { goalBps }),
      ...others,
    }),
    measure: (outcome, scenario) => ({
      paid: shareOfReward(
        paidTo(
          outcome.trainers,
          trainers.map(() => true),
        ),
      ),
      owed: shareOfReward(outcome.reached),
      share: attackersShare(outcome, scenario),
      theirs: shareOfReward(
        paidTo(
          outcome.trainers,
          trainers.map(({ honest }) => !honest),
        ),
      ),
      leak: leakOf(outcome),
      accuracy: outcome.accuracy,
    }),
  };
}

/** Difference between the confirmed best and the model's final score, in points: pay for luck. */
function leakOf({ best, records }: Outcome): number {
  return Math.max(0, best - meanOf(records.slice(-LAST).map(({ score }) => score))) / 100;
}

export const priceListGames: Study = {
  id: "D11",
  file: "price-list.ts",
  title: "Games against the price list",
  target:
    "slices, worsening and repairing, scaled updates, noise at convergence over 30 rounds: no pay beyond the price list; scaled: no gain over x 1; noise identities <= 5 % of pay; leak of the high-water mark <= 0.2 points",
  setting: `5 trainers (7 in the last two), a committee of 3 of 5 validators, for all are honest here, ${ROUNDS} rounds. The wreckers' job merges by \`median\`, for \`fedavg\` merges nothing that harms. The last two begin with a model of ${WARM} rounds of plain training; the very last pays one budget a round in place of the price list`,
  cases: KINDS.map(gameCase),
  judge(samples) {
    const priced = KINDS.filter(({ budget }) => budget !== true).map(({ name }) => name);
    const beyond = (name: string) =>
      samples.figure(name, "paid").map((paid, at) => paid - samples.figure(name, "owed")[at]!);
    const gains = (factor: number) =>
      samples.gaps(`scaled by ${factor}`, "scaled by 1", "share").map((gap) => 100 * gap);
    const noise = ["converged, 3 noise identities", "converged, a budget a round"];
    return {
      checks: [
        ...priced.map((name) =>
          atMost(`${name}: largest pay beyond the price list`, 100 * Math.max(...beyond(name)), {
            limit: 0,
            unit: "% of the reward",
            digits: 4,
          }),
        ),
        ...FACTORS.map((factor) =>
          atMost(`scaled by ${factor}: gain over x 1, of trainers' pay`, meanOf(gains(factor)), {
            limit: 0,
            unit: "points",
          }),
        ),
        ...noise.map((name) =>
          atMost(`${name}: their share of pay`, 100 * samples.mean(name, "share"), { limit: 5, unit: "%" }),
        ),
        ...["converged", "converged, 3 noise identities"].map((name) =>
          atMost(`${name}: leak of the high-water mark`, samples.mean(name, "leak"), { limit: 0.2, unit: "points" }),
        ),
      ],
      table: {
        head: [
          "game",
          "trainers' pay",
          "owed by the price list",
          "players' share of pay (two standard errors)",
          "leak in points",
          "accuracy",
        ],
        rows: KINDS.map(({ name }) => [
          name,
          percent(samples.mean(name, "paid"), 2),
          percent(samples.mean(name, "owed"), 2),
          `${percent(samples.mean(name, "share"), 2)} (${percent(errorOf(samples.figure(name, "share")), 2)})`,
          samples.mean(name, "leak").toFixed(2),
          percent(samples.mean(name, "accuracy")),
        ]),
      },
      words: [
        "Owed is the price list read at the best score that any released model has on the common holdout. The leak is how far the confirmed best lies above the mean score of the last five models: what luck was paid for.",
      ],
    };
  },
};
