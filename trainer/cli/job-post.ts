import { readFile } from "node:fs/promises";

import type { Command } from "commander";

import { CommonweightError } from "../../sdk/errors.ts";
import { formatProblem } from "../../sdk/job-file-error.ts";
import { parseJobFile } from "../../sdk/job-file.ts";
import { readToken } from "../../sdk/token-format.ts";
import { postJob } from "../roles/initiator/post-job.ts";
import { publishJob } from "../roles/initiator/publish-job.ts";
import { runInitiator } from "../roles/initiator/run.ts";
import { parseCommonOptions } from "./options.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { withWorker, WORKER_TIMES } from "./wiring.ts";

/** `commonweight job post`: publishes, funds and posts a job, then serves its files until it is over. */
export function addJobPost(parent: Command): void {
  parent
    .command("post")
    .argument("<file>", "the job file, such as job.yaml")
    .option("--no-serve", "return once the job is posted; somebody must serve its files")
    .description("publish, fund and post a job; serve its files until it is over")
    .action(async (file: string, values: { serve: boolean }, command: Command) => {
      const text = await readJobText(file);
      const { job, warnings } = parseJobFile(text, file);
      await withWorker(parseCommonOptions(command.optsWithGlobals()), async ({ modules }) => {
        const { chain, contracts, content, log } = modules;
        for (const warning of warnings) log.warn({ problem: formatProblem(file, warning) }, "about the job file");
        await untilInterrupted(async (signal) => {
          const token = await readToken(contracts, job.money.token);
          const { timestamp } = await chain.head(signal);
          const params = await publishJob(content, job, file, token, timestamp, signal);
          const jobId = await postJob(modules, params, `${file}\n${text}`, signal);
          log.info({ jobId: jobId.toString(), addresses: content.addresses() }, "job posted");
          if (values.serve) await runInitiator(modules, { ...WORKER_TIMES, jobId }, signal);
        });
      });
    });
}

async function readJobText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new CommonweightError(
      "JOB_FILE_UNREADABLE",
      `${file} cannot be read`,
      "Name a job file; scripts/job.example.yaml shows one.",
      { cause },
    );
  }
}
