import type { Command } from "commander";
import { z } from "zod";

import type { Engine } from "../../engine/port.ts";
import { runValidator } from "../../roles/validator/run.ts";
import { engineScorer, type Scorer } from "../../roles/validator/scorer.ts";
import { addTableOptions, tableChoices, tableOptions } from "../options/table-options.ts";
import { jobIdOption, parseCommonOptions, parseOptions, termsOption } from "../options/options.ts";
import { ownDataFrom } from "../inputs/own-data.ts";
import { openValidatorEngine } from "../wiring/scoring-engine.ts";
import { drained, untilInterrupted } from "../wiring/until-interrupted.ts";
import { withWorker } from "../wiring/worker.ts";

const options = z.object({ job: jobIdOption, terms: termsOption, data: z.string().optional(), ...tableOptions });

/** `commonweight validator run`: scores one job's updates until it is over, then serves its models. */
export function addValidatorRun(parent: Command, scorerOf: (engine: Engine) => Scorer = engineScorer): void {
  addTableOptions(parent.command("run"))
    .description(
      "enlist for a job, score its updates and attest its models; serve the released ones after the job closed",
    )
    .requiredOption("--job <number>", "the job")
    .option("--terms <hash>", "the job's terms as `commonweight job show` prints them: a job with others is refused")
    .option("--data <folder>", "your own holdout, for jobs without a common one")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const values = parseOptions(options, command.opts());
      const { job: jobId, terms } = values;
      // Before anything is begun: an interrupt may end the process here.
      const engine = await openValidatorEngine(new AbortController().signal);
      await withWorker(common, async ({ modules }) => {
        modules.log.info({ engine: engine.name, reason: engine.reason }, "scoring engine");
        const ownData = ownDataFrom(values.data, tableChoices(values), modules.log);
        const validator = { ...modules, engine, scorer: scorerOf(engine) };
        await untilInterrupted((signal) =>
          drained(signal, () => runValidator(validator, { jobId, terms, ownData }, signal)),
        );
      });
    });
}
