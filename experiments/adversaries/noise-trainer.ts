import { runAdversary } from "./run-adversary.ts";
import { addTrainerRun } from "../../trainer/cli/commands/trainer-run.ts";
import { gaussian, seededRandom } from "../lab/random.ts";

/** Standard deviation of each weight's noise, similar to an honest update of a few epochs. */
const DEVIATION = 0.02;

/** A trainer that submits Gaussian noise instead of training. */
await runAdversary((program) =>
  addTrainerRun(program, () => ({
    learn({ base, round, number }) {
      const random = seededRandom(`noise/${round}/${number}`);
      return Promise.resolve(base.map(() => DEVIATION * gaussian(random)));
    },
  })),
);
