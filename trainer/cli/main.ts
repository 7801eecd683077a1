import { Command } from "commander";

import { addJobPost } from "./job-post.ts";
import { addModelFetch } from "./model-fetch.ts";
import { addCommonOptions } from "./options.ts";
import { reportError } from "./report-error.ts";
import { addStake } from "./stake.ts";
import { addThaw } from "./thaw.ts";
import { addTrainerRun } from "./trainer-run.ts";
import { addValidatorRun } from "./validator-run.ts";
import { addWithdraw } from "./withdraw.ts";

/** The program `commonweight`: one file a command. */
const program = addCommonOptions(new Command("commonweight"))
  .description("Train neural networks together with strangers, paid by contract.")
  .showHelpAfterError();

const job = program.command("job").description("Post a job and follow it.");
addJobPost(job);
addModelFetch(program.command("model").description("The models that a job released."));
addTrainerRun(program.command("trainer").description("Train for a job and be paid for what it adds."));
addValidatorRun(program.command("validator").description("Score a job's updates and be paid for honest scoring."));
addStake(program);
addThaw(program);
addWithdraw(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error);
}
