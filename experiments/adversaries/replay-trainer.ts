import { addTrainerRun } from "../../trainer/cli/commands/trainer-run.ts";
import { runAdversary } from "./run-adversary.ts";

/** A trainer that submits the round's unchanged model, an update of zeros. */
await runAdversary((program) =>
  addTrainerRun(program, () => ({ learn: ({ base }) => Promise.resolve(new Float32Array(base.length)) })),
);
