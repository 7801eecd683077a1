import { POISONERS } from "../../../adversaries/poisoners.ts";
import { honestTrainer, honestValidator, times } from "../../../lab/agents.ts";
import { attackersShare, honestSlashes } from "../../../lab/report/figures.ts";
import { atMost, errorOf, meanOf, percent, type Case, type Study } from "../../../lab/study.ts";
import { SKEWED } from "./no-attack.ts";

const TRAINERS = 10;
const ATTACKERS = 3;
/** Sample of the 1,023 coalitions of ten updates: a good estimate in a fraction of the time. */
const EVALUATIONS = 150;
const ROUNDS = 10;
const HONEST = "honest only";

const DEALS = { alike: { kind: "iid" }, skewed: SKEWED } as const;
type Deal = keyof typeof DEALS;

function attackCase(kind: string, deal: Deal): Case {
  const attacker = POISONERS[kind];
  return {
    name: `${kind}, ${deal} shards`,
    scenario: () => ({
      trainers: [
        ...times(TRAINERS - ATTACKERS, honestTrainer),
        ...(attacker === undefined ? [] : times(ATTACKERS, attacker)),
      ],
      parts: TRAINERS,
      validators: times(5, honestValidator),
      terms: { rounds: ROUNDS, committeeSize: 3 },
      goalBps: 9_000,
      spec: { maxEvaluations: EVALUATIONS },
      partition: DEALS[deal],
    }),
    measure: (outcome, scenario) => ({
      accuracy: outcome.accuracy,
      share: attackersShare(outcome, scenario),
      slashed: honestSlashes(outcome, scenario),
    }),
  };
}

function poisoning(id: string, kinds: readonly string[], points: number, pay: number): Study {
  const names = kinds.flatMap((kind) =>
    (Object.keys(DEALS) as Deal[]).map((deal) => ({ kind, deal, name: `${kind}, ${deal} shards` })),
  );
  return {
    id,
    file: "poisoners.ts",
    title: kinds.join(", "),
    target: `30 % of the trainers: <= ${points} points lost against an honest-only run, attackers' pay <= ${pay} %`,
    setting: `${TRAINERS - ATTACKERS} honest trainers and ${ATTACKERS} attackers with shards of their own, against the ${TRAINERS - ATTACKERS} honest ones alone on the same shards; a committee of 3 of 5 validators, for all are honest here, ${EVALUATIONS} evaluations a round (a job file's default is 500), ${ROUNDS} rounds, aggregation \`fedavg\`, price list`,
    cases: [HONEST, ...kinds].flatMap((kind) => (Object.keys(DEALS) as Deal[]).map((deal) => attackCase(kind, deal))),
    judge(samples) {
      const lost = (name: string, deal: Deal) =>
        samples.gaps(name, `${HONEST}, ${deal} shards`, "accuracy").map((gap) => -100 * gap);
      return {
        checks: names.flatMap(({ name, deal }) => [
          atMost(`${name}: points lost`, meanOf(lost(name, deal)), { limit: points, unit: "points" }),
          atMost(`${name}: attackers' share of pay`, 100 * samples.mean(name, "share"), { limit: pay, unit: "%" }),
        ]),
        table: {
          head: [
            "attack",
            "accuracy",
            "points lost (two standard errors)",
            "attackers' share of pay",
            "largest",
            "honest validators slashed",
          ],
          rows: names.map(({ name, deal }) => [
            name,
            percent(samples.mean(name, "accuracy")),
            `${meanOf(lost(name, deal)).toFixed(2)} (${errorOf(lost(name, deal)).toFixed(2)})`,
            percent(samples.mean(name, "share"), 2),
            percent(Math.max(...samples.figure(name, "share")), 2),
            samples.mean(name, "slashed").toFixed(2),
          ]),
        },
        words: [],
      };
    },
  };
}

export const flips = poisoning("D2", ["sign flip", "label flip"], 2, 5);
export const stealthyPoison = poisoning("D3", ["Gaussian", "ALIE", "min-max"], 2.5, 8);
