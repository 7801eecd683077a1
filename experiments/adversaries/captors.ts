import { MAX_SCORE } from "../../sdk/scores.ts";
import {
  honestValidator,
  vectorWith,
  type AttestationView,
  type Release,
  type ScoringView,
  type TrainerAgent,
  type ValidatorAgent,
} from "../incentives/agents.ts";

/** What one party does where its seats are a majority: which of its places hold seats is public once they are drawn. */
export interface Captor {
  /** The party's validators, by their index. */
  readonly members: ReadonlySet<number>;
  /** The party's trainer, by its index. */
  readonly trainer: number;
  /** Attests that everything is reached, in the hope that it holds the next committee too. */
  readonly inflates: boolean;
}

/**
 * A party of validators that scores honestly until it holds a majority; then all weight goes to its own trainer, while the others'
 * updates stay in the model (a score of 1), so that there is progress to be paid for.
 */
export function captor(party: Captor): ValidatorAgent {
  const holds = ({ seats }: { readonly seats: readonly number[] }) =>
    seats.filter((index) => party.members.has(index)).length > seats.length / 2;
  return {
    kind: "captor",
    honest: false,
    score: (view: ScoringView) => {
      if (!holds(view)) return honestValidator.score(view);
      const scores = view.updates.map(({ trainer }) => (trainer === party.trainer ? MAX_SCORE : 1));
      return Promise.resolve(vectorWith(view, scores));
    },
    attest: async (view: AttestationView): Promise<Release | undefined> => {
      const release = await honestValidator.attest(view);
      if (release === undefined || !party.inflates || !holds(view)) return release;
      return { ...release, baseScore: 10_000, score: 10_000 };
    },
  };
}

/** The party's trainer: hands in zeros, and lives on captured rounds. */
export const captorsTrainer: TrainerAgent = {
  kind: "captor's trainer",
  honest: false,
  update: ({ base }) => new Float32Array(base.length),
};
