import { guesser, GUESS_KINDS, type Guess } from "../../adversaries/guessing-validators.ts";
import { honestTrainer, honestValidator, times } from "../agents.ts";
import { honestSlashes, meanNet, meanPaid } from "../figures.ts";
import { atLeast, atMost, percent, type Case, type Samples, type Study } from "../study.ts";

const POOL = 20;
const SHARES = [20, 40, 60] as const;
const ROUNDS = 8;

function lazyCase(guess: Guess, share: number, attests: boolean): Case {
  const lazy = (POOL * share) / 100;
  return {
    name: nameOf(guess, share, attests),
    scenario: () => ({
      trainers: times(5, honestTrainer),
      validators: [...times(POOL - lazy, honestValidator), ...times(lazy, guesser(guess, attests))],
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

function nameOf(guess: Guess, share: number, attests: boolean): string {
  return `${guess}, ${share} %${attests ? "" : ", attests nothing"}`;
}

const CASES = [
  ...GUESS_KINDS.flatMap((guess) => SHARES.map((share) => ({ guess, share, attests: true }))),
  ...SHARES.map((share) => ({ guess: "last round" as const, share, attests: false })),
].map((one) => ({ ...one, name: nameOf(one.guess, one.share, one.attests) }));

export const lazyValidators: Study = {
  id: "D5",
  file: "lazy-validators.ts",
  title: "Lazy validators",
  target:
    "20 to 40 % guess (constant, last round, mean): they earn less than honest ones in >= 95 % of seeds; shown at 60 % too",
  setting: `5 trainers, a committee of 7 of ${POOL} validators of whom 4, 8 or 12 guess, ${ROUNDS} rounds, price list. Guessers attest honestly, for that takes two evaluations, but for the last three rows. Everyone who is slashed enlists again`,
  cases: CASES.map(({ guess, share, attests }) => lazyCase(guess, share, attests)),
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
    atLeast(`${name}: seeds in which guessers earn less`, less, 95, "%", 0),
    atLeast(`${name}: seeds in which guessers earn nothing, net`, nothing, 95, "%", 0),
    ...(share <= 40
      ? [atMost(`${name}: honest validators slashed, a seed`, samples.mean(name, "honestSlashed"), 0, "times")]
      : []),
  ];
}
