import { normOf } from "../../trainer/aggregation/clip.ts";
import type { TrainerAgent, TrainingView } from "../lab/agents.ts";
import { noise } from "../lab/random.ts";

/** Trainers that do not train. */
export const FREE_RIDERS: Readonly<Record<string, TrainerAgent>> = {
  /** An update of zeros, which leaves the model unchanged. */
  zero: rider("zero", ({ base }) => new Float32Array(base.length)),
  /** Gaussian noise with the norm of an honest update. */
  noise: rider("noise", ({ base, honest, random }) =>
    noise(base.length, honest[0] === undefined ? 1 : normOf(honest[0]), random),
  ),
  /** Another trainer's update of the last round. */
  replay: rider("replay", ({ base, past, index }) => {
    const others = [...(past.at(-1)?.updates ?? [])].filter(([trainer]) => trainer !== index);
    return others[0]?.[1] ?? new Float32Array(base.length);
  }),
  /** A copy of an honest update of the same round, committed later, as if content leaked before disclosure. */
  copycat: rider("copycat", ({ base, honest }) => honest[0] ?? new Float32Array(base.length)),
};

function rider(kind: string, update: (view: TrainingView) => Float32Array): TrainerAgent {
  return { kind, honest: false, update };
}
