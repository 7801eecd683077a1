import { FINGERPRINTS } from "@commonweight/sdk/protocol/score-vector";
import { honestValidator, vectorWith, type ScoringView, type ValidatorAgent } from "../lab/agents.ts";
import { meanOf } from "../lab/study.ts";

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
    return updates.map(() => Math.round(meanOf(last)));
  },
} as const;

export type Guess = keyof typeof GUESSES;
export const GUESS_KINDS: readonly Guess[] = ["constant", "last round", "mean"];

export interface GuesserOptions {
  /** Attests as honest ones do, for that takes two evaluations and not a hundred; true where left out. */
  readonly attests?: boolean;
  /** A fingerprint that guessers have agreed on; each invents its own where left out. */
  readonly agreed?: number;
}

/** A validator that scores nothing and says what anyone can say. */
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
