import { normOf } from "../../trainer/aggregation/clip.ts";
import type { TrainerAgent, TrainingView } from "../lab/agents.ts";
import { noise } from "../lab/random.ts";

/** Trainers that train nothing. */
export const FREE_RIDERS: Readonly<Record<string, TrainerAgent>> = {
  /** An update of zeros: the round's model again. */
  zero: rider("zero", ({ base }) => new Float32Array(base.length)),
  /** Gaussian noise as long as an honest update. */
  noise: rider("noise", ({ base, honest, random }) =>
    noise(base.length, honest[0] === undefined ? 1 : normOf(honest[0]), random),
  ),
  /** Somebody else's update of the last round. */
  replay: rider("replay", ({ base, past, index }) => {
    const others = [...(past.at(-1)?.updates ?? [])].filter(([trainer]) => trainer !== index);
    return others[0]?.[1] ?? new Float32Array(base.length);
  }),
  /** The bytes of an honest update of this very round, sealed after it: as if content leaked before Disclosure. */
  copycat: rider("copycat", ({ base, honest }) => honest[0] ?? new Float32Array(base.length)),
};

function rider(kind: string, update: (view: TrainingView) => Float32Array): TrainerAgent {
  return { kind, honest: false, update };
}
