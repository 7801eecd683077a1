import { Command, CommanderError } from "commander";

import { addChain } from "./commands/chain.ts";
import { addCompletion } from "./commands/completion.ts";
import { addContentServe } from "./commands/content-serve.ts";
import { addDataPack } from "./commands/data-pack.ts";
import { addEngineCheck } from "./commands/engine-check.ts";
import { addEngineInstall } from "./commands/engine-install.ts";
import { addExplain } from "./commands/explain.ts";
import { addFaucet } from "./commands/faucet.ts";
import { addInit } from "./commands/init.ts";
import { addJobCancel } from "./commands/job/cancel.ts";
import { addJobDryRun } from "./commands/job/dry-run.ts";
import { addJobList } from "./commands/job/list.ts";
import { addJobPost } from "./commands/job/post.ts";
import { addJobQuote } from "./commands/job/quote.ts";
import { addJobRefund } from "./commands/job/refund.ts";
import { addJobShow } from "./commands/job/show.ts";
import { addJobWatch } from "./commands/job/watch.ts";
import { addLeave } from "./commands/leave.ts";
import { addModelFetch } from "./commands/model-fetch.ts";
import { addCommonOptions } from "./options/options.ts";
import { wantsJson } from "./options/options.ts";
import { SETTINGS_HELP } from "./options/settings.ts";
import { reportError } from "./text/report-error.ts";
import { usageError } from "./text/usage-error.ts";
import { addStake } from "./commands/stake.ts";
import { addStatus } from "./commands/status.ts";
import { addThaw } from "./commands/thaw.ts";
import { addTrainerRun } from "./commands/trainer-run.ts";
import { addValidatorRun } from "./commands/validator-run.ts";
import { programVersion } from "./version.ts";
import { addWithdraw } from "./commands/withdraw.ts";

/** The program `commonweight`; each command has its own file. */
const program = addCommonOptions(new Command("commonweight"))
  .version(programVersion(), "-V, --version", "print the version")
  .description("Train neural networks together with strangers, paid by contract.")
  .addHelpText("after", SETTINGS_HELP)
  .configureOutput({ outputError: () => undefined, writeErr: writeUsage })
  .exitOverride();

addChain(program);
addInit(program);
addDataPack(program.command("data").description("Publish data sets on IPFS."));
const job = program.command("job").description("Post, follow and end jobs.");
for (const add of [addJobDryRun, addJobQuote, addJobPost, addJobList, addJobShow, addJobWatch, addJobCancel]) add(job);
addJobRefund(job);
addModelFetch(program.command("model").description("Download the models that a job released."));
addContentServe(program.command("content").description("Serve files, such as released models, on IPFS."));
const trainer = program.command("trainer").description("Train for a job, paid by contribution.");
addTrainerRun(trainer);
addLeave(trainer, "trainer");
const validator = program
  .command("validator")
  .description("Score a job's updates, paid by agreement with the consensus.");
addValidatorRun(validator);
addLeave(validator, "validator");
const engine = program.command("engine").description("Check and install the engines that this machine computes with.");
for (const add of [addEngineCheck, addEngineInstall]) add(engine);
for (const add of [addStake, addThaw, addStatus, addExplain, addWithdraw, addFaucet, addCompletion]) add(program);

// A reader such as `head` may close the pipe early; exit quietly then. Another result that cannot be written is lost.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : reportError(error, wantsJson()));
});
// Notices and errors that cannot be written end no work.
process.stderr.on("error", () => undefined);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) process.exitCode = reportError(error, wantsJson());
  else if (error.exitCode !== 0) process.exitCode = reportError(usageError(error), wantsJson());
}

/** Commander's help after an incomplete command; with `--json` the error alone is printed. */
function writeUsage(text: string): void {
  if (!wantsJson()) process.stderr.write(text);
}
