import type { Command } from "commander";
import { z } from "zod";

import { oneAtATime } from "../../engine/one-at-a-time.ts";
import type { Engine } from "../../engine/port.ts";
import { engineLearner, type Learner } from "../../roles/trainer/learner.ts";
import type { JobContext } from "../../roles/worker/job-context.ts";
import { provideToken } from "../../roles/worker/provide-token.ts";
import { runTrainer } from "../../roles/trainer/run.ts";
import { addTableOptions, tableChoices, tableOptions } from "../options/table-options.ts";
import { jobIdsOption, listOf, parseCommonOptions, parseOptions, termsOption } from "../options/options.ts";
import { requireJobs, runChosen, type RunJob } from "../inputs/chosen-jobs.ts";
import { ownDataFrom } from "../inputs/own-data.ts";
import { openTrainerEngine } from "../wiring/training-engine.ts";
import { drained, untilInterrupted } from "../wiring/until-interrupted.ts";
import { warnIfAlone, withWorker } from "../wiring/worker.ts";

const options = z
  .object({
    job: jobIdsOption,
    terms: termsOption,
    engine: z.enum(["auto", "wasm", "tfjs-node"]),
    data: z.string().optional(),
    ...tableOptions,
  })
  .refine(({ job, terms }) => terms === undefined || job.length === 1, "--terms goes with one --job");

/** `commonweight trainer run`: trains for jobs until they are over. */
export function addTrainerRun(parent: Command, learnerOf: (engine: Engine) => Learner = engineLearner): void {
  addTableOptions(parent.command("run"))
    .description("join a job, train in every round and disclose the updates")
    .option(
      "--job <number>",
      "the job; repeat it for several jobs side by side; without it, --most-jobs open jobs that the settings allow",
      listOf,
    )
    .option("--terms <hash>", "the job's terms as `commonweight job show` prints them: a job with others is refused")
    .option("--engine <name>", "auto, wasm or tfjs-node", "auto")
    .option("--data <folder>", "your own training data, for jobs that publish none")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const values = parseOptions(options, command.opts());
      const { job: jobIds, terms, engine: choice } = values;
      const jobs = { jobIds, terms, common };
      requireJobs(jobs);
      // Before anything is begun: an interrupt may end the process here.
      const engine = oneAtATime(await openTrainerEngine(choice, new AbortController().signal));
      await withWorker(common, async ({ modules }) => {
        warnIfAlone(common, modules.log);
        modules.log.info({ engine: engine.name, reason: engine.reason }, "training engine");
        const ownData = ownDataFrom(values.data, tableChoices(values), modules.log);
        const learner = learnerOf(engine);
        const provideBond = provideToken(modules);
        await untilInterrupted((signal) => {
          const bonded = { provideBond: ({ params }: JobContext) => provideBond(params.token, params.bond, signal) };
          const trainer = { ...modules, engine, learner, ...bonded };
          const runOne: RunJob = (jobId, agreed) => runTrainer(trainer, { jobId, terms: agreed, ownData }, signal);
          return drained(signal, () => runChosen(modules, jobs, runOne, signal));
        });
      });
    });
}
