import { normOf } from "../../trainer/aggregation/clip.ts";
import type { TrainerAgent } from "../lab/agents.ts";
import { gaussian } from "../lab/random.ts";

/**
 * One actor behind several addresses, with one part of the data: all of them hand in its one update, the same bytes.
 */
export const sameBytes: TrainerAgent = { kind: "identity", honest: false, update: (view) => view.learn() };

/** The same, but each identity adds noise of a share of the update's length. */
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
