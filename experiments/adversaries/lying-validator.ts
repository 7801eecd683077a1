import { addValidatorRun } from "../../trainer/cli/commands/validator-run.ts";
import { engineScorer } from "../../trainer/roles/validator/scorer.ts";
import { seededRandom } from "../lab/random.ts";
import { runAdversary } from "./run-adversary.ts";

/** Largest invented score, in score units. */
const RANGE = 8_000;

/** A validator that computes its scores, to get a valid fingerprint, but reveals invented ones. Otherwise honest. */
await runAdversary((program) =>
  addValidatorRun(program, (engine) => ({
    async score(task, signal) {
      const { fingerprint } = await engineScorer(engine).score(task, signal);
      const random = seededRandom(`lie/${task.seed}`);
      return { scores: task.updates.map(() => Math.round((2 * random() - 1) * RANGE)), fingerprint };
    },
  })),
);
