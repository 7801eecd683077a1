import { MIN_SCORE, UNAVAILABLE } from "@commonweight/sdk/protocol/scores";
import { honestValidator, type ValidatorAgent } from "../lab/agents.ts";

/** A validator that does all its work, and then gives one trainer's update the same score in every round. */
function against(trainer: number, score: number, kind: string): ValidatorAgent {
  return {
    ...honestValidator,
    kind,
    honest: false,
    async score(view) {
      const vector = await view.honest();
      const scores = vector.scores.map((own, at) => (view.updates[at]?.trainer === trainer ? score : own));
      return { ...vector, scores };
    },
  };
}

/** Says that a trainer's update cannot be fetched. */
export function voider(trainer: number): ValidatorAgent {
  return against(trainer, UNAVAILABLE, "voider");
}

/** Gives a trainer's update the lowest score. */
export function crusher(trainer: number): ValidatorAgent {
  return against(trainer, MIN_SCORE, "crusher");
}
