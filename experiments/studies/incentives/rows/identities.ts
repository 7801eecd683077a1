import { nearClone, sameBytes } from "../../../adversaries/identities.ts";
import { honestTrainer, honestValidator, times } from "../../../lab/agents.ts";
import { attackersShare } from "../../../lab/report/figures.ts";
import { atMost, meanOf, percent, type Case, type Study } from "../../../lab/study.ts";

const HONEST = 5;
/** Sample of the 1,023 coalitions of ten updates: a good estimate in a fraction of the time. */
const EVALUATIONS = 150;
const ROUNDS = 5;
const COUNTS = [1, 2, 3, 5] as const;

/** Ways to use several identities, by the name of their curve. */
const WAYS = {
  "same bytes": { agent: sameBytes, clusters: false },
  "near-clones": { agent: nearClone(0.01), clusters: false },
  "near-clones, shared pay": { agent: nearClone(0.01), clusters: true },
} as const;
type Way = keyof typeof WAYS;
const NAMES = Object.keys(WAYS) as Way[];

function manyCase(way: Way, count: number): Case {
  const { agent, clusters } = WAYS[way];
  return {
    name: nameOf(way, count),
    scenario: () => ({
      trainers: [...times(HONEST, honestTrainer), ...times(count, agent)],
      partOf: [...Array(HONEST).keys(), ...times(count, HONEST)],
      validators: times(5, honestValidator),
      terms: { rounds: ROUNDS, clusters, committeeSize: 3 },
      goalBps: 9_000,
      spec: { maxEvaluations: EVALUATIONS },
    }),
    measure: (outcome, scenario) => ({ share: attackersShare(outcome, scenario), accuracy: outcome.accuracy }),
  };
}

function nameOf(way: Way, count: number): string {
  return `${way}, k = ${count}`;
}

/** Relative gain over one identity. */
const gain = (many: readonly number[], one: readonly number[]) => meanOf(many) / meanOf(one) - 1;

export const identities: Study = {
  id: "D8",
  file: "identities.ts",
  title: "One actor under several identities",
  target:
    "byte-identical copies change its pay by <= 1 %; near-clones: the curve of pay against k, without and with shared-pay clusters",
  setting: `${HONEST} honest trainers and one actor with k addresses and one part of the data, ${ROUNDS} rounds, price list, a committee of 3 of 5 validators, for all are honest here, ${EVALUATIONS} evaluations a round (a job file's default is 500); near-clones add noise of 1 % of the update's length. Clusters by the validators' own rule (experiments/studies/near-clones/README.md)`,
  cases: NAMES.flatMap((way) => COUNTS.map((count) => manyCase(way, count))),
  judge(samples) {
    const shares = (way: Way, count: number) => samples.figure(nameOf(way, count), "share");
    const gains = (way: Way, count: number) => gain(shares(way, count), shares(way, 1));
    return {
      checks: COUNTS.slice(1).map((count) =>
        atMost(`same bytes, k = ${count}: change of the actor's pay`, 100 * Math.abs(gains("same bytes", count)), {
          limit: 1,
          unit: "%",
        }),
      ),
      table: {
        head: [
          "way",
          ...COUNTS.map((count) => `share at k = ${count}`),
          ...COUNTS.slice(1).map((count) => `gain at ${count}`),
        ],
        rows: NAMES.map((way) => [
          way,
          ...COUNTS.map((count) => percent(meanOf(shares(way, count)), 2)),
          ...COUNTS.slice(1).map((count) => percent(gains(way, count))),
        ]),
      },
      plot: {
        name: "identities",
        title: "An actor's share of trainers' pay",
        x: "identities",
        y: "% of pay",
        lines: NAMES.map((way) => ({
          label: way,
          points: COUNTS.map((count) => [count, 100 * meanOf(shares(way, count))] as const),
        })),
      },
      words: [
        "With k = 1 and clusters the difference to k = 1 without them is what clusters cost honest trainers that err alike.",
      ],
    };
  },
};
