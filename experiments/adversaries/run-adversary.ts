import { Command } from "commander";

import { addCommonOptions } from "../../trainer/cli/options/options.ts";
import { reportError } from "../../trainer/cli/text/report-error.ts";

/** Runs a program like `commonweight trainer` or `commonweight validator` with a dishonest worker. */
export async function runAdversary(addCommand: (program: Command) => void): Promise<void> {
  const program = addCommonOptions(new Command("adversary"));
  addCommand(program);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = reportError(error);
  }
}
