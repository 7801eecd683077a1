import { Command } from "commander";

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
import { addModelFetch } from "./commands/model-fetch.ts";
import { addCommonOptions } from "./options/options.ts";
import { reportError } from "./text/report-error.ts";
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
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "error USAGE: ")) })
  .showHelpAfterError("  `commonweight help COMMAND` prints a command's usage.");

addInit(program);
addDataPack(program.command("data").description("Publish data sets on IPFS."));
const job = program.command("job").description("Post, follow and end jobs.");
for (const add of [addJobDryRun, addJobQuote, addJobPost, addJobList, addJobShow, addJobWatch, addJobCancel]) add(job);
addJobRefund(job);
addModelFetch(program.command("model").description("Download the models that a job released."));
addTrainerRun(program.command("trainer").description("Train for a job, paid by contribution."));
addValidatorRun(
  program.command("validator").description("Score a job's updates, paid by agreement with the consensus."),
);
const engine = program.command("engine").description("Check and install the engines that this machine computes with.");
for (const add of [addEngineCheck, addEngineInstall]) add(engine);
for (const add of [addStake, addThaw, addStatus, addExplain, addWithdraw, addFaucet]) add(program);

// A reader such as `head` may close the pipe early; exit quietly then.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error, program.opts<{ json?: boolean }>().json === true);
}
