import { addTrainerRun } from "../../trainer/cli/commands/trainer-run.ts";
import { runAdversary } from "./run-adversary.ts";

/** A trainer that trains nothing and hands in the round's model again: an update of zeros. */
await runAdversary((program) =>
  addTrainerRun(program, () => ({ learn: ({ base }) => Promise.resolve(new Float32Array(base.length)) })),
);
