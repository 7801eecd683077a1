import { normOf } from "../../trainer/aggregation/clip.ts";
import type { TrainerAgent, TrainingView } from "../lab/agents.ts";
import { noise } from "../lab/random.ts";

/** Multiplies its honest update by a factor. */
export const scaled = (factor: number): TrainerAgent =>
  gamer(`scaled by ${factor}`, (view) => view.learn().map((value) => factor * value));

/** Submits only a fifth of its update per round, to be paid in more rounds. */
export const slicer: TrainerAgent = gamer("slicer", (view) => view.learn().map((value) => value / 5));

/** Damages the model in even rounds and repairs it in odd ones. */
export const wrecker: TrainerAgent = gamer("wrecker", (view) =>
  view.learn().map((value) => (view.round % 2 === 0 ? -2 * value : value)),
);

/** Does not train: submits noise with the norm of an honest update. */
export const noiseIdentity: TrainerAgent = gamer("noise", ({ base, honest, random }) =>
  noise(base.length, normOf(honest[0] ?? new Float32Array(1)), random),
);

function gamer(kind: string, update: (view: TrainingView) => Float32Array): TrainerAgent {
  return { kind, honest: false, update };
}
