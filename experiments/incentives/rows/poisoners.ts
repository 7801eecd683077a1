import { POISONERS } from "../../adversaries/poisoners.ts";
import { honestTrainer, honestValidator, times } from "../agents.ts";
import { attackersShare, honestSlashes } from "../figures.ts";
import { atMost, errorOf, meanOf, percent, type Case, type Study } from "../study.ts";
import { SKEWED } from "./no-attack.ts";

const TRAINERS = 10;
const ATTACKERS = 3;
const ROUNDS = 12;
const HONEST = "honest only";
const ALL_HONEST = "all ten honest";

const DEALS = { alike: { kind: "iid" }, skewed: SKEWED } as const;
type Deal = keyof typeof DEALS;

function attackCase(kind: string, deal: Deal): Case {
  const attacker = POISONERS[kind];
  const honest = kind === ALL_HONEST ? TRAINERS : TRAINERS - ATTACKERS;
  return {
    name: `${kind}, ${deal} shards`,
    scenario: () => ({
      trainers: [...times(honest, honestTrainer), ...(attacker === undefined ? [] : times(ATTACKERS, attacker))],
      parts: TRAINERS,
      validators: times(10, honestValidator),
      terms: { rounds: ROUNDS },
      goalBps: 9_000,
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
    setting: `${TRAINERS - ATTACKERS} honest trainers and ${ATTACKERS} attackers with shards of their own, against the ${TRAINERS - ATTACKERS} honest ones alone on the same shards, and against a run in which all ${TRAINERS} are honest; a committee of 7 of 10 validators, ${ROUNDS} rounds, aggregation \`fedavg\`, price list`,
    cases: [HONEST, ALL_HONEST, ...kinds].flatMap((kind) =>
      (Object.keys(DEALS) as Deal[]).map((deal) => attackCase(kind, deal)),
    ),
    judge(samples) {
      const lost = (name: string, deal: Deal, reference = HONEST) =>
        samples.gaps(name, `${reference}, ${deal} shards`, "accuracy").map((gap) => -100 * gap);
      return {
        checks: names.flatMap(({ name, deal }) => [
          atMost(`${name}: points lost`, meanOf(lost(name, deal)), points, "points"),
          atMost(`${name}: attackers' share of pay`, 100 * samples.mean(name, "share"), pay, "%"),
        ]),
        table: {
          head: [
            "attack",
            "accuracy",
            "points lost (two standard errors)",
            "points below all ten honest",
            "attackers' share of pay",
            "largest",
            "honest validators slashed",
          ],
          rows: names.map(({ name, deal }) => [
            name,
            percent(samples.mean(name, "accuracy")),
            `${meanOf(lost(name, deal)).toFixed(2)} (${errorOf(lost(name, deal)).toFixed(2)})`,
            meanOf(lost(name, deal, ALL_HONEST)).toFixed(2),
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
