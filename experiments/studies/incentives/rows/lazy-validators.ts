import { guesser, GUESS_KINDS, type Guess, type GuesserOptions } from "../../../adversaries/guessing-validators.ts";
import { honestTrainer, honestValidator, times } from "../../../lab/agents.ts";
import { honestSlashes, meanNet, meanPaid } from "../../../lab/report/figures.ts";
import { atLeast, atMost, percent, type Case, type Samples, type Study } from "../../../lab/study.ts";

const POOL = 20;
const SHARES = [20, 40, 60] as const;
const ROUNDS = 8;

function lazyCase({ guess, share, options, name }: Lazy): Case {
  const lazy = (POOL * share) / 100;
  return {
    name,
    scenario: () => ({
      trainers: times(5, honestTrainer),
      validators: [...times(POOL - lazy, honestValidator), ...times(lazy, guesser(guess, options))],
      terms: { rounds: ROUNDS },
      goalBps: 9_000,
    }),
    measure: (outcome, scenario) => {
      const honest = scenario.validators.map((agent) => agent.honest);
      const guessing = honest.map((is) => !is);
      return {
        honestNet: meanNet(outcome, honest),
        lazyNet: meanNet(outcome, guessing),
        honestPaid: meanPaid(outcome, honest),
        lazyPaid: meanPaid(outcome, guessing),
        honestSlashed: honestSlashes(outcome, scenario),
        lazySlashed: outcome.slashes.length - honestSlashes(outcome, scenario),
        settled: outcome.settled,
        accuracy: outcome.accuracy,
      };
    },
  };
}

interface Lazy {
  readonly name: string;
  readonly guess: Guess;
  readonly share: number;
  readonly options: GuesserOptions;
}

/** Variants of guessers, by their suffix in case names. */
const MANNERS: Readonly<Record<string, GuesserOptions>> = {
  "": {},
  ", attest nothing": { attests: false },
  ", one agreed fingerprint": { agreed: 7 },
};

const CASES: readonly Lazy[] = Object.entries(MANNERS).flatMap(([words, options]) =>
  (words === "" ? GUESS_KINDS : (["last round"] as const)).flatMap((guess) =>
    SHARES.map((share) => ({ guess, share, options, name: `${guess}, ${share} %${words}` })),
  ),
);

export const lazyValidators: Study = {
  id: "D5",
  file: "lazy-validators.ts",
  title: "Lazy validators",
  target:
    "20 to 40 % guess (constant, last round, mean): they earn less than honest ones in >= 95 % of seeds; shown at 60 % too",
  setting: `5 trainers, a committee of 7 of ${POOL} validators of whom 4, 8 or 12 guess, ${ROUNDS} rounds, price list. Guessers attest honestly, for that takes two evaluations, and invent a fingerprint each, but for the last rows: there they attest nothing, or have agreed on one fingerprint, which is a conspiracy. Everyone who is slashed enlists again`,
  cases: CASES.map(lazyCase),
  judge(samples) {
    return {
      checks: CASES.flatMap(({ name, share }) => checksOf(samples, name, share)),
      table: {
        head: [
          "guess, share of the list",
          "honest: net",
          "guesser: net",
          "honest: paid",
          "guesser: paid",
          "honest slashed",
          "guessers slashed",
          "rounds settled",
          "accuracy",
        ],
        rows: CASES.map(({ name }) => [
          name,
          ...["honestNet", "lazyNet", "honestPaid", "lazyPaid"].map((key) => percent(samples.mean(name, key), 2)),
          ...["honestSlashed", "lazySlashed", "settled"].map((key) => samples.mean(name, key).toFixed(2)),
          percent(samples.mean(name, "accuracy")),
        ]),
      },
      words: [
        "Net is pay minus slashed stake of one validator over the job, as a share of the reward; slashes and settled rounds are means over seeds.",
      ],
    };
  },
};

function checksOf(samples: Samples, name: string, share: number) {
  const less = 100 * samples.shareOf(name, ["lazyNet", "honestNet"], (lazy = 0, honest = 0) => lazy < honest);
  const nothing = 100 * samples.shareOf(name, ["lazyNet"], (lazy = 0) => lazy <= 0);
  return [
    atLeast(`${name}: seeds in which guessers earn less`, less, { limit: 95, unit: "%", digits: 0 }),
    atLeast(`${name}: seeds in which guessers earn nothing, net`, nothing, { limit: 95, unit: "%", digits: 0 }),
    ...(share <= 40
      ? [
          atMost(`${name}: honest validators slashed, a seed`, samples.mean(name, "honestSlashed"), {
            limit: 0,
            unit: "times",
          }),
        ]
      : []),
  ];
}
