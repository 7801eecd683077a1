import { honestTrainer, honestValidator, times } from "../../../lab/agents.ts";
import { honestSlashes, shareOfReward } from "../../../lab/report/figures.ts";
import { accuracyOf } from "../../../lab/learner.ts";
import { plainFedAvg } from "../../../lab/plain-fedavg.ts";
import type { Scenario } from "../../../lab/scenario.ts";
import { atMost, errorOf, meanOf, percent, type Case, type Study } from "../../../lab/study.ts";
import { dealWorld } from "../../../lab/world.ts";

const TRAINERS = 6;
const ROUNDS = 25;
export const SKEWED = { kind: "dirichlet", alpha: 0.5 } as const;

function honestCase(name: string, partition: Scenario["partition"] & object): Case {
  return {
    name,
    scenario: () => ({
      trainers: times(TRAINERS, honestTrainer),
      validators: times(20, honestValidator),
      terms: { rounds: ROUNDS },
      goalBps: 9_000,
      partition,
    }),
    measure: async (outcome, scenario, seed) => ({
      accuracy: outcome.accuracy,
      plain: await plainAccuracy(partition, seed),
      slashed: honestSlashes(outcome, scenario),
      rounds: outcome.settled,
      paid: shareOfReward(outcome.trainers.reduce((sum, { paid }) => sum + paid, 0n)),
    }),
  };
}

async function plainAccuracy(partition: Scenario["partition"] & object, seed: number): Promise<number> {
  const world = await dealWorld(TRAINERS, partition, seed, "digits");
  return accuracyOf(plainFedAvg(world, ROUNDS, seed), world.test);
}

export const noAttack: Study = {
  id: "D1",
  file: "no-attack.ts",
  title: "No attack",
  target: "1,000 rounds: no honest validator slashed; accuracy within 0.5 points of plain FedAvg",
  setting: `${TRAINERS} trainers, a committee of 7 of 20 validators, ${ROUNDS} rounds a seed, price list; shards alike and skewed (Dirichlet 0.5)`,
  cases: [honestCase("alike", { kind: "iid" }), honestCase("skewed", SKEWED)],
  judge(samples) {
    const gap = (name: string) =>
      samples.figure(name, "accuracy").map((own, at) => 100 * (samples.figure(name, "plain")[at]! - own));
    const names = ["alike", "skewed"];
    const sum = (key: string) =>
      names.flatMap((name) => samples.figure(name, key)).reduce((total, one) => total + one, 0);
    const rounds = sum("rounds");
    return {
      checks: [
        {
          what: "rounds",
          target: ">= 1000",
          figure: String(rounds),
          missedBy: rounds >= 1_000 ? undefined : `${1_000 - rounds} rounds`,
        },
        atMost("honest validators slashed", sum("slashed"), { limit: 0, unit: "times", digits: 0 }),
        ...names.map((name) =>
          atMost(`points below plain FedAvg, ${name} shards`, meanOf(gap(name)), { limit: 0.5, unit: "points" }),
        ),
      ],
      table: {
        head: [
          "shards",
          "market's accuracy",
          "plain FedAvg",
          "gap in points (two standard errors)",
          "trainers' pay, of the reward",
        ],
        rows: names.map((name) => [
          name,
          percent(samples.mean(name, "accuracy"), 2),
          percent(samples.mean(name, "plain"), 2),
          `${meanOf(gap(name)).toFixed(2)} (${errorOf(gap(name)).toFixed(2)})`,
          percent(samples.mean(name, "paid")),
        ]),
      },
      words: [],
    };
  },
};
