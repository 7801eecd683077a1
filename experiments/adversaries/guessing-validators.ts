import { honestValidator, vectorWith, type ScoringView, type ValidatorAgent } from "../incentives/agents.ts";

/** What a guesser says that looks at no update. */
const GUESSES = {
  /** The same plausible gain for everyone, always. */
  constant: ({ updates }: ScoringView) => updates.map(() => 100),
  /** For each trainer what the last committee agreed on. */
  "last round": ({ updates, past }: ScoringView) =>
    updates.map(({ trainer }) => past.at(-1)?.consensus.get(trainer) ?? 0),
  /** For everyone the mean of what the last committee agreed on. */
  mean: ({ updates, past }: ScoringView) => {
    const last = [...(past.at(-1)?.consensus.values() ?? [])].filter((score) => score > -32_767);
    const mean = last.reduce((sum, score) => sum + score, 0) / Math.max(last.length, 1);
    return updates.map(() => Math.round(mean));
  },
} as const;

export type Guess = keyof typeof GUESSES;
export const GUESS_KINDS: readonly Guess[] = ["constant", "last round", "mean"];

/** A validator that scores nothing and says what anyone can say. It attests, for that takes two evaluations, unless told not to. */
export function guesser(guess: Guess, attests = true): ValidatorAgent {
  return {
    kind: guess,
    honest: false,
    score: (view) => Promise.resolve(vectorWith(view, GUESSES[guess](view))),
    attest: (view) => (attests ? honestValidator.attest(view) : Promise.resolve(undefined)),
  };
}
