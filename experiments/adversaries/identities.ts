import { normOf } from "../../trainer/aggregation/clip.ts";
import type { TrainerAgent } from "../lab/agents.ts";
import { gaussian } from "../lab/random.ts";

/** One of several addresses of an actor with one part of the data; all submit the same update. */
export const sameBytes: TrainerAgent = { kind: "identity", honest: false, update: (view) => view.learn() };

/** The same, but each identity adds noise whose norm is `share` of the update's. */
export function nearClone(share: number): TrainerAgent {
  return {
    kind: "identity",
    honest: false,
    update: (view) => {
      const update = view.learn();
      const deviation = (share * normOf(update)) / Math.sqrt(update.length);
      return update.map((value) => value + deviation * gaussian(view.random));
    },
  };
}
