import { normOf } from "../../trainer/aggregation/clip.ts";
import type { TrainerAgent, TrainingView } from "../lab/agents.ts";
import { noise } from "../lab/random.ts";

/** A trainer whose honest update is multiplied. */
export const scaled = (factor: number): TrainerAgent =>
  gamer(`scaled by ${factor}`, (view) => view.learn().map((value) => factor * value));

/** Hands in a fifth of its progress a round: more rounds for the same. */
export const slicer: TrainerAgent = gamer("slicer", (view) => view.learn().map((value) => value / 5));

/** Makes the model worse in even rounds, and repairs it in odd ones. */
export const wrecker: TrainerAgent = gamer("wrecker", (view) =>
  view.learn().map((value) => (view.round % 2 === 0 ? -2 * value : value)),
);

/** Trains nothing: noise as long as an honest update. */
export const noiseIdentity: TrainerAgent = gamer("noise", ({ base, honest, random }) =>
  noise(base.length, normOf(honest[0] ?? new Float32Array(1)), random),
);

function gamer(kind: string, update: (view: TrainingView) => Float32Array): TrainerAgent {
  return { kind, honest: false, update };
}
