import { FINGERPRINTS } from "@commonweight/sdk/protocol/score-vector";
import { honestValidator, vectorWith, type ScoringView, type ValidatorAgent } from "../lab/agents.ts";
import { meanOf } from "../lab/study.ts";

/** Scores of a guesser, which evaluates no update. */
const GUESSES = {
  /** The same plausible gain for every update. */
  constant: ({ updates }: ScoringView) => updates.map(() => 100),
  /** Each trainer's consensus score of the last round. */
  "last round": ({ updates, past }: ScoringView) =>
    updates.map(({ trainer }) => past.at(-1)?.consensus.get(trainer) ?? 0),
  /** For every update the mean consensus score of the last round. */
  mean: ({ updates, past }: ScoringView) => {
    const last = [...(past.at(-1)?.consensus.values() ?? [])].filter((score) => score > -32_767);
    return updates.map(() => Math.round(meanOf(last)));
  },
} as const;

export type Guess = keyof typeof GUESSES;
export const GUESS_KINDS: readonly Guess[] = ["constant", "last round", "mean"];

export interface GuesserOptions {
  /** Whether it attests honestly, which takes two evaluations instead of a hundred; default true. */
  readonly attests?: boolean;
  /** A fingerprint agreed among guessers; by default each invents its own. */
  readonly agreed?: number;
}

/** A validator that guesses scores from public data instead of evaluating updates. */
export function guesser(guess: Guess, { attests = true, agreed }: GuesserOptions = {}): ValidatorAgent {
  return {
    kind: guess,
    honest: false,
    score: (view) => {
      const fingerprint = agreed ?? Math.floor(view.random() * FINGERPRINTS);
      return Promise.resolve(vectorWith(view, GUESSES[guess](view), fingerprint));
    },
    attest: (view) => (attests ? honestValidator.attest(view) : Promise.resolve(undefined)),
  };
}
