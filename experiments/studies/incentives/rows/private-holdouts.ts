import type { Samples } from "../../../../trainer/model/tensors.ts";
import { partition } from "../../../../trainer/data/partition.ts";
import { seededRandom } from "../../../../trainer/random/seeded-random.ts";
import { selectSamples } from "../../../../trainer/data/split.ts";
import { honestTrainer, honestValidator, times } from "../../../lab/agents.ts";
import { shareOfReward } from "../../../lab/report/figures.ts";
import type { Outcome, Scenario } from "../../../lab/scenario.ts";
import { atMost, meanOf, percent, type Case, type Study } from "../../../lab/study.ts";
import type { World } from "../../../lab/world.ts";

const VALIDATORS = 14;
const ROUNDS = 8;
const [LEAST, MOST] = [200, 1_000];

/** The validators' samples by world, computed once per run. */
const dealt = new WeakMap<World, readonly Samples[]>();

/** A validator's holdout with the data set's class mix, or with one drawn from Dirichlet(0.5) if `skewed`. */
function ownHoldout(skewed: boolean) {
  return (world: World, validator: number, seed: number): Samples => {
    const known = dealt.get(world) ?? dealHoldouts(world, skewed, seed);
    dealt.set(world, known);
    return known[validator]!;
  };
}

/** Holdouts of 200 to 1,000 samples, which may overlap between validators. */
function dealHoldouts({ spare }: World, skewed: boolean, seed: number): readonly Samples[] {
  const random = seededRandom(seed, VALIDATORS);
  return Array.from({ length: VALIDATORS }, (_, validator) => {
    const size = LEAST + Math.floor(random() * (MOST - LEAST + 1));
    const rule = skewed ? ({ kind: "dirichlet", alpha: 0.5 } as const) : ({ kind: "iid" } as const);
    const [own = new Uint32Array()] = partition(spare.labels, 3, rule, `holdout/${seed}/${validator}`);
    return selectSamples(spare, own.subarray(0, size));
  });
}

/** The common samples, under a name per validator, so that each seat computes its own scores. */
const commonHoldout = ({ holdout }: World): Samples => ({ ...holdout, count: holdout.count });

type Kind = { readonly name: string } & Pick<Scenario, "terms" | "spec" | "holdoutOf" | "goalBps">;

const OWN = { terms: { rounds: ROUNDS, holdout: "own", scoring: "accuracy" }, spec: { rule: "accuracy" } } as const;
const KINDS: readonly Kind[] = [
  { name: "own, alike", ...OWN, holdoutOf: ownHoldout(false) },
  { name: "own, skewed", ...OWN, holdoutOf: ownHoldout(true) },
  { name: "common", terms: { rounds: ROUNDS }, goalBps: 9_000, holdoutOf: commonHoldout },
];

function holdoutCase({ name, ...kind }: Kind): Case {
  return {
    name,
    scenario: () => ({
      ...kind,
      data: "mnist",
      trainers: times(5, honestTrainer),
      validators: times(VALIDATORS, honestValidator),
    }),
    measure: (outcome) => {
      const pay = outcome.validators.map(({ paid }) => shareOfReward(paid));
      return {
        slashes: outcome.slashes.length,
        spread: Math.max(...spreads(outcome)),
        meanSpread: meanOf(spreads(outcome)),
        failed: outcome.records.filter((record) => record.outcome === "failed").length,
        least: Math.min(...pay) / meanOf(pay),
        accuracy: outcome.accuracy,
      };
    },
  };
}

/** Range of the seats' scores for each update of each round, in score units. */
function spreads({ records }: Outcome): number[] {
  return records.flatMap(({ consensus, vectors }) =>
    consensus.map((_, update) => {
      const scores = vectors.flatMap((vector) => vector?.[update] ?? []);
      return Math.max(...scores) - Math.min(...scores);
    }),
  );
}

export const privateHoldouts: Study = {
  id: "D9",
  file: "private-holdouts.ts",
  title: "Honest validators on private holdouts",
  target:
    "200 to 1,000 samples each, alike and skewed: nobody slashed, ever; on a common holdout scores agree to the unit",
  setting: `MNIST's test digits averaged to 7 x 7; 5 trainers, a committee of 7 of ${VALIDATORS} honest validators, ${ROUNDS} rounds; own holdouts: \`accuracy\`, one budget a round, trust; common: \`contribution\`, price list, each seat computing for itself`,
  cases: KINDS.map(holdoutCase),
  judge(samples) {
    const sum = (name: string) => samples.figure(name, "slashes").reduce((total, one) => total + one, 0);
    return {
      checks: [
        ...KINDS.map(({ name }) => atMost(`${name}: slashes`, sum(name), { limit: 0, unit: "times", digits: 0 })),
        atMost("common: widest disagreement", Math.max(...samples.figure("common", "spread")), {
          limit: 0,
          unit: "score units",
          digits: 0,
        }),
      ],
      table: {
        head: [
          "holdouts",
          "scores lie apart by, mean",
          "at most",
          "attempts failed, a seed",
          "least paid validator, of the mean",
          "accuracy",
        ],
        rows: KINDS.map(({ name }) => [
          name,
          samples.mean(name, "meanSpread").toFixed(1),
          Math.max(...samples.figure(name, "spread")).toFixed(0),
          samples.mean(name, "failed").toFixed(2),
          percent(samples.mean(name, "least")),
          percent(samples.mean(name, "accuracy")),
        ]),
      },
      words: [
        "Score units are basis points of accuracy on own holdouts and 1/10,000 of the loss on the common one. Agreement to the unit is shown here between seats of one machine; between machines it is a property of the pinned engine.",
      ],
    };
  },
};
