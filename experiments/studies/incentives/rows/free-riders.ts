import { FREE_RIDERS } from "../../../adversaries/free-riders.ts";
import { honestTrainer, honestValidator, times } from "../../../lab/agents.ts";
import { attackersShare, shareOfReward } from "../../../lab/report/figures.ts";
import { atLeast, atMost, meanOf, percent, type Case, type Samples, type Study } from "../../../lab/study.ts";

const ROUNDS = 10;
const KINDS = Object.keys(FREE_RIDERS);
/** Assumed gas price: one gwei of the coin in which the reward of 1,000 is paid. */
const GAS_PRICE = 1_000_000_000n;

function riderCase(kind: string, noiseFloor: number): Case {
  const agent = FREE_RIDERS[kind]!;
  return {
    name: nameOf(kind, noiseFloor),
    scenario: () => ({
      trainers: [...times(5, honestTrainer), agent, agent],
      validators: times(5, honestValidator),
      terms: { rounds: ROUNDS, noiseFloor, committeeSize: 3 },
      goalBps: 9_000,
    }),
    measure: (outcome, scenario) => {
      const riders = outcome.trainers.filter((_, at) => !scenario.trainers[at]!.honest);
      const gas = riders.reduce((sum, rider) => sum + rider.gas, 0n);
      const paid = riders.reduce((sum, rider) => sum + rider.paid, 0n);
      return {
        share: attackersShare(outcome, scenario),
        gas: Number(gas) / riders.length / ROUNDS,
        net: shareOfReward(paid - gas * GAS_PRICE),
        accuracy: outcome.accuracy,
      };
    },
  };
}

function nameOf(kind: string, noiseFloor: number): string {
  return noiseFloor === 0 ? kind : `${kind}, noise floor ${noiseFloor}`;
}

const CASES = [...KINDS.map((kind) => [kind, 0] as const), ["noise", 20] as const, ["replay", 20] as const];

export const freeRiders: Study = {
  id: "D4",
  file: "free-riders.ts",
  title: "Free riders",
  target: "zero, noise, replay, copycats: net loss in >= 95 % of seeds; copies <= 2 % of pay",
  setting: `5 honest trainers and 2 free riders, a committee of 3 of 5 validators, for all are honest here, ${ROUNDS} rounds, price list. Net is pay minus gas at one gwei of the coin of which the reward has 1,000`,
  cases: CASES.map(([kind, floor]) => riderCase(kind, floor)),
  judge(samples) {
    const names = CASES.map(([kind, floor]) => nameOf(kind, floor));
    return {
      checks: names.flatMap((name) => checksOf(samples, name)),
      table: {
        head: ["free riders", "their share of trainers' pay", "largest", "gas a round", "accuracy"],
        rows: names.map((name) => [
          name,
          percent(samples.mean(name, "share"), 2),
          percent(Math.max(...samples.figure(name, "share")), 2),
          Math.round(meanOf(samples.figure(name, "gas"))).toLocaleString("en"),
          percent(samples.mean(name, "accuracy")),
        ]),
      },
      words: [
        "A trainer is never slashed for a low score, so what a free rider loses is its gas; its bond comes back.",
      ],
    };
  },
};

function checksOf(samples: Samples, name: string) {
  const losing = 100 * samples.shareOf(name, ["net"], (net = 0) => net < 0);
  const isCopy = name.startsWith("copycat") || name.startsWith("replay");
  return [
    atLeast(`${name}: seeds with a net loss`, losing, { limit: 95, unit: "%", digits: 0 }),
    ...(isCopy ? [atMost(`${name}: share of pay`, 100 * samples.mean(name, "share"), { limit: 2, unit: "%" })] : []),
  ];
}
