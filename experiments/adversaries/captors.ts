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

/** A colluding party that acts when it has a majority of seats, which is public once the committee is drawn. */
export interface Captor {
  /** The party's validators, by their index. */
  readonly members: ReadonlySet<number>;
  /** The party's trainer, by its index. */
  readonly trainer: number;
}

/** Weight change too small to change a prediction. */
const NOTHING = 1e-6;

/** A fingerprint that the party has agreed on. */
const AGREED = 7;

/**
 * A party of validators that scores honestly until it has a majority of a committee. Then it gives almost all weight to
 * its own trainer, and a score of 1 to the others, so that their updates stay in the model and make progress.
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
      // Claims full accuracy; this pays off if the party also has a majority of the next committee.
      return { ...release, baseScore: 10_000, score: 10_000 };
    },
  };
}

/** Whether the party has a majority of the committee's seats; with fewer it cannot settle an attempt. */
export function holdsCommittee(members: ReadonlySet<number>, seats: readonly number[]): boolean {
  return 2 * seats.filter((index) => members.has(index)).length > seats.length;
}

/**
 * Whether the party serves its `file`, one of three, to a seat. With three files each of seven seats gets a different
 * subset, so that no two honest seats have the same fingerprint and none counts.
 */
export function isShown(file: number, seat: number): boolean {
  return (((seat + 1) >> file) & 1) === 1;
}

/** A trainer of the party: submits negligible but distinct updates, and earns only in captured rounds. */
export const captorsTrainer: TrainerAgent = {
  kind: "captor's trainer",
  honest: false,
  update: ({ base, random }) => base.map(() => NOTHING * (random() - 0.5)),
};
