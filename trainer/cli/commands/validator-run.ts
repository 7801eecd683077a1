import type { Command } from "commander";
import { z } from "zod";

import { oneAtATime } from "../../engine/one-at-a-time.ts";
import type { Engine } from "../../engine/port.ts";
import { runValidator } from "../../roles/validator/run.ts";
import { engineScorer, type Scorer } from "../../roles/validator/scorer.ts";
import { addTableOptions, tableChoices, tableOptions } from "../options/table-options.ts";
import { jobIdsOption, listOf, parseCommonOptions, parseOptions, termsOption } from "../options/options.ts";
import { requireJobs, runChosen, type RunJob } from "../inputs/chosen-jobs.ts";
import { ownDataFrom } from "../inputs/own-data.ts";
import { openValidatorEngine } from "../wiring/scoring-engine.ts";
import { drained, untilInterrupted } from "../wiring/until-interrupted.ts";
import { warnIfAlone, withWorker } from "../wiring/worker.ts";

const options = z
  .object({ job: jobIdsOption, terms: termsOption, data: z.string().optional(), ...tableOptions })
  .refine(({ job, terms }) => terms === undefined || job.length === 1, "--terms goes with one --job");

/** `commonweight validator run`: scores jobs' updates until they are over, then serves their models. */
export function addValidatorRun(parent: Command, scorerOf: (engine: Engine) => Scorer = engineScorer): void {
  addTableOptions(parent.command("run"))
    .description(
      "enlist for a job, score its updates and attest its models; serve the released ones after the job closed",
    )
    .option(
      "--job <number>",
      "the job; repeat it for several jobs side by side; without it, --most-jobs open jobs that the settings allow",
      listOf,
    )
    .option("--terms <hash>", "the job's terms as `commonweight job show` prints them: a job with others is refused")
    .option("--data <folder>", "your own holdout, for jobs without a common one")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const values = parseOptions(options, command.opts());
      const { job: jobIds, terms } = values;
      const jobs = { jobIds, terms, common };
      requireJobs(jobs);
      // Before anything is begun: an interrupt may end the process here.
      const engine = oneAtATime(await openValidatorEngine(new AbortController().signal));
      await withWorker(common, async ({ modules }) => {
        warnIfAlone(common, modules.log);
        modules.log.info({ engine: engine.name, reason: engine.reason }, "scoring engine");
        const ownData = ownDataFrom(values.data, tableChoices(values), modules.log);
        const validator = { ...modules, engine, scorer: scorerOf(engine) };
        await untilInterrupted((signal) => {
          const runOne: RunJob = (jobId, agreed) => runValidator(validator, { jobId, terms: agreed, ownData }, signal);
          return drained(signal, () => runChosen(modules, jobs, runOne, signal));
        });
      });
    });
}
