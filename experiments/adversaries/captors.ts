import { MAX_SCORE } from "@commonweight/sdk/protocol/scores";
import {
  honestValidator,
  vectorWith,
  type AttestationView,
  type Release,
  type ScoringView,
  type TrainerAgent,
  type ValidatorAgent,
} from "../lab/agents.ts";

/** What one party does where its seats are a majority: which of its places hold seats is public once they are drawn. */
export interface Captor {
  /** The party's validators, by their index. */
  readonly members: ReadonlySet<number>;
  /** The party's trainer, by its index. */
  readonly trainer: number;
}

/** Too little to move a prediction. */
const NOTHING = 1e-6;

/** A fingerprint that the party has agreed on. */
const AGREED = 7;

/**
 * A party of validators that scores honestly until it holds most of a committee; then all weight goes to its own
 * trainer, while the others' updates stay in the model (a score of 1), so that there is progress to be paid for.
 */
export function captor(party: Captor): ValidatorAgent {
  const holds = (view: { readonly seats: readonly number[] }) => holdsCommittee(party.members, view.seats);
  return {
    kind: "captor",
    honest: false,
    score: (view: ScoringView) => {
      if (!holds(view)) return honestValidator.score(view);
      const scores = view.updates.map(({ trainer }) => (trainer === party.trainer ? MAX_SCORE : 1));
      return Promise.resolve(vectorWith(view, scores, AGREED));
    },
    attest: async (view: AttestationView): Promise<Release | undefined> => {
      const release = await honestValidator.attest(view);
      if (release === undefined || !holds(view)) return release;
      // Everything is reached, it says, in the hope that it holds the next committee too.
      return { ...release, baseScore: 10_000, score: 10_000 };
    },
  };
}

/** Whether the party holds most seats of the committee: fewer settle nothing, whatever the others see. */
export function holdsCommittee(members: ReadonlySet<number>, seats: readonly number[]): boolean {
  return 2 * seats.filter((index) => members.has(index)).length > seats.length;
}

/**
 * Whether the party's `file`, one of three, is shown to a seat: with three files every seat can be shown others, so
 * that no two honest seats compute the same, and none counts.
 */
export function isShown(file: number, seat: number): boolean {
  return (((seat + 1) >> file) & 1) === 1;
}

/** A trainer of the party: hands in next to nothing, other bytes each, and lives on captured rounds. */
export const captorsTrainer: TrainerAgent = {
  kind: "captor's trainer",
  honest: false,
  update: ({ base, random }) => base.map(() => NOTHING * (random() - 0.5)),
};
