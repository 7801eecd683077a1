import { SILENT_TRAINERS, SILENT_VALIDATORS } from "../../../adversaries/silent.ts";
import { honestTrainer, honestValidator, times } from "../../../lab/agents.ts";
import { honestSlashes, paidTo, shareOfReward } from "../../../lab/report/figures.ts";
import type { Scenario, StillPhase } from "../../../lab/scenario.ts";
import { initiatorBondOf } from "../../../lab/terms.ts";
import { atLeast, atMost, meanOf, percent, type Case, type Study } from "../../../lab/study.ts";

const TRAINERS = 7;
const VALIDATORS = 21;
const ROUNDS = 3;
/** Silent share in per cent, rounded down to whole agents, but at least one trainer. */
const SHARES = [10, 30, 49] as const;
const KINDS = [...Object.keys(SILENT_TRAINERS), ...Object.keys(SILENT_VALIDATORS)];

/** The phases that pass without a block, in this round and its first attempt; the opening is a sealed job's. */
const STILL: readonly StillPhase[] = [
  "training",
  "disclosure",
  "opening",
  "draw",
  "scoring",
  "reveal",
  "attestation",
  "settlement",
];
const STILL_ROUND = 2;

function silentCase(kind: string, share: number): Case {
  const agents = agentsOf(kind, share);
  return measured(nameOf(kind, share), { ...agents, terms: { rounds: ROUNDS }, goalBps: 9_000 });
}

/** Everyone is honest and ready, and the chain makes no block through a phase. */
function stillCase(still: StillPhase): Case {
  return measured(stillName(still), {
    trainers: times(TRAINERS, honestTrainer),
    validators: times(VALIDATORS, honestValidator),
    terms: { rounds: ROUNDS, ...(still === "opening" ? { holdout: "sealed" } : {}) },
    goalBps: 9_000,
    standsStill: (phase, round, attempt) => phase === still && round === STILL_ROUND && attempt <= 1,
  });
}

function measured(name: string, scenario: Scenario): Case {
  return {
    name,
    scenario: () => scenario,
    measure: (outcome, scenario) => {
      const trainers = paidTo(
        outcome.trainers,
        scenario.trainers.map(() => true),
      );
      const validators = paidTo(
        outcome.validators,
        scenario.validators.map(() => true),
      );
      const silent = [...outcome.trainers, ...outcome.validators].reduce((sum, { lost }) => sum + lost, 0n);
      return {
        trainers: shareOfReward(trainers),
        validators: shareOfReward(validators),
        // A sealed job's bond comes back with the refund.
        refunded: shareOfReward(outcome.refunded - initiatorBondOf(scenario.terms) + outcome.initiatorLost),
        initiatorLost: shareOfReward(outcome.initiatorLost),
        owed: shareOfReward(outcome.owed),
        lost: shareOfReward(silent),
        slashed: honestSlashes(outcome, scenario),
        settled: outcome.settled,
      };
    },
  };
}

function agentsOf(kind: string, share: number): Pick<Scenario, "trainers" | "validators"> {
  const trainer = SILENT_TRAINERS[kind];
  const validator = SILENT_VALIDATORS[kind];
  const absent = Math.max(1, Math.floor((TRAINERS * share) / 100));
  const mute = Math.floor((VALIDATORS * share) / 100);
  return {
    trainers:
      trainer === undefined
        ? times(TRAINERS, honestTrainer)
        : [...times(TRAINERS - absent, honestTrainer), ...times(absent, trainer)],
    validators:
      validator === undefined
        ? times(VALIDATORS, honestValidator)
        : [...times(VALIDATORS - mute, honestValidator), ...times(mute, validator)],
  };
}

function nameOf(kind: string, share: number): string {
  return `${kind}, ${share} %`;
}

function stillName(phase: StillPhase): string {
  return `no block through ${phase}`;
}

const SILENT_NAMES = KINDS.flatMap((kind) => SHARES.map((share) => nameOf(kind, share)));
const STILL_NAMES = STILL.map(stillName);
const NAMES = [...SILENT_NAMES, ...STILL_NAMES];

export const silence: Study = {
  id: "D7",
  file: "silence.ts",
  title: "Silence",
  target:
    "10, 30, 49 % silent; a chain without blocks through each phase: every job ends paid or refunded; nobody loses a bond or stake by the chain's own standstill",
  setting: `${TRAINERS} trainers (1, 2 or 3 silent) and ${VALIDATORS} validators (2, 6 or 10 silent), a committee of 7, ${ROUNDS} rounds, price list. The silent do not come back. Where the chain stands still everyone is honest, and there is no block through that phase of round ${STILL_ROUND}; the opening is that of a sealed job's shard`,
  cases: [
    ...KINDS.flatMap((kind) => SHARES.map((share) => silentCase(kind, share))),
    ...STILL.map((phase) => stillCase(phase)),
  ],
  judge(samples) {
    const ended = NAMES.map((name) =>
      samples.shareOf(
        name,
        ["trainers", "validators", "refunded"],
        (...parts) => Math.abs(parts.reduce((sum, part) => sum + part, 0) - 1) < 1e-6,
      ),
    );
    const paid = NAMES.map((name) =>
      samples.shareOf(name, ["trainers", "owed"], (own = 0, owed = 0) => Math.abs(own - owed) < 1e-6),
    );
    const all = (key: string, names: readonly string[]) =>
      names.flatMap((name) => samples.figure(name, key)).reduce((sum, one) => sum + one, 0);
    return {
      checks: [
        atLeast("jobs that ended with their whole reward paid or refunded", 100 * meanOf(ended), {
          limit: 100,
          unit: "%",
          digits: 1,
        }),
        atLeast(
          "jobs whose trainers were paid all that the price list says for what was confirmed",
          100 * meanOf(paid),
          { limit: 100, unit: "%", digits: 1 },
        ),
        atMost("honest validators slashed", all("slashed", NAMES), { limit: 0, unit: "times", digits: 0 }),
        atMost(
          "bonds and stakes lost where the chain stood still",
          100 * (all("lost", STILL_NAMES) + all("initiatorLost", STILL_NAMES)),
          { limit: 0, unit: "% of a reward", digits: 0 },
        ),
      ],
      table: {
        head: [
          "silent",
          `rounds settled of ${ROUNDS}`,
          "trainers' pay",
          "validators' pay",
          "refunded",
          "burned by the silent",
        ],
        rows: NAMES.map((name) => [
          name,
          samples.mean(name, "settled").toFixed(2),
          ...["trainers", "validators", "refunded", "lost"].map((key) => percent(samples.mean(name, key))),
        ]),
      },
      words: ["Shares are of the reward, means over seeds; what the silent lose is their own stake and bonds."],
    };
  },
};
