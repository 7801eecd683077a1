import { addValidatorRun } from "../../trainer/cli/validator-run.ts";
import { seededRandom } from "./random.ts";
import { runAdversary } from "./run-adversary.ts";

/** Largest invented score, in score units. */
const RANGE = 8_000;

/** A validator that invents its scores, and is honest otherwise. */
await runAdversary((program) =>
  addValidatorRun(program, () => ({
    score({ updates, seed }) {
      const random = seededRandom(`lie/${seed}`);
      return Promise.resolve(updates.map(() => Math.round((2 * random() - 1) * RANGE)));
    },
  })),
);
