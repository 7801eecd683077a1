import type { Command } from "commander";
import { z } from "zod";

import { oneAtATime } from "../../engine/one-at-a-time.ts";
import type { Engine } from "../../engine/port.ts";
import { runEach } from "../../roles/worker/run-each.ts";
import { runValidator } from "../../roles/validator/run.ts";
import { engineScorer, type Scorer } from "../../roles/validator/scorer.ts";
import { jobIdsOption, listOf, parseCommonOptions, parseOptions, termsOption } from "../options/options.ts";
import { ownSamples } from "../inputs/own-samples.ts";
import { openValidatorEngine } from "../wiring/scoring-engine.ts";
import { untilInterrupted } from "../wiring/until-interrupted.ts";
import { warnIfAlone, withWorker } from "../wiring/worker.ts";

const options = z
  .object({ job: jobIdsOption, terms: termsOption, data: z.string().optional() })
  .refine(({ job, terms }) => terms === undefined || job.length === 1, "--terms goes with one --job");

/** `commonweight validator run`: scores jobs' updates until they are over. */
export function addValidatorRun(parent: Command, scorerOf: (engine: Engine) => Scorer = engineScorer): void {
  parent
    .command("run")
    .description("enlist for a job, score its updates and attest its models")
    .requiredOption("--job <number>", "the job; repeat it for several jobs side by side", listOf)
    .option("--terms <hash>", "the job's terms as `commonweight job show` prints them: a job with others is refused")
    .option("--data <folder>", "your own holdout, for jobs without a common one")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const { job: jobIds, terms, data } = parseOptions(options, command.opts());
      // Before anything is begun: an interrupt may end the process here.
      const engine = oneAtATime(await openValidatorEngine(new AbortController().signal));
      await withWorker(common, async ({ modules }) => {
        warnIfAlone(common, modules.log);
        modules.log.info({ engine: engine.name, reason: engine.reason }, "scoring engine");
        const samples = await ownSamples(data);
        await untilInterrupted((signal) =>
          runEach(jobIds, modules.log, (jobId) =>
            runValidator({ ...modules, engine, scorer: scorerOf(engine) }, { jobId, terms, ...samples }, signal),
          ),
        );
      });
    });
}
