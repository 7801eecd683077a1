import { Command } from "commander";

import { addCommonOptions } from "./options.ts";
import { reportError } from "./report-error.ts";
import { addTrainerRun } from "./trainer-run.ts";
import { addValidatorRun } from "./validator-run.ts";

/** The program `commonweight`: one file a command. */
const program = addCommonOptions(new Command("commonweight"))
  .description("Train neural networks together with strangers, paid by contract.")
  .showHelpAfterError();

addTrainerRun(program.command("trainer").description("Train for a job and be paid for what it adds."));
addValidatorRun(program.command("validator").description("Score a job's updates and be paid for honest scoring."));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error);
}
