import type { Command } from "commander";
import { z } from "zod";

import type { Engine } from "../../engine/port.ts";
import { engineLearner, type Learner } from "../../roles/trainer/learner.ts";
import type { JobContext } from "../../roles/worker/job-context.ts";
import { provideToken } from "../../roles/worker/provide-token.ts";
import { runTrainer } from "../../roles/trainer/run.ts";
import { addTableOptions, tableChoices, tableOptions } from "../options/table-options.ts";
import { jobIdOption, parseCommonOptions, parseOptions, termsOption } from "../options/options.ts";
import { ownDataFrom } from "../inputs/own-data.ts";
import { openTrainerEngine } from "../wiring/training-engine.ts";
import { drained, untilInterrupted } from "../wiring/until-interrupted.ts";
import { withWorker } from "../wiring/worker.ts";

const options = z.object({
  job: jobIdOption,
  terms: termsOption,
  engine: z.enum(["auto", "wasm", "tfjs-node"]),
  data: z.string().optional(),
  ...tableOptions,
});

/** `commonweight trainer run`: trains for one job until the job is over. */
export function addTrainerRun(parent: Command, learnerOf: (engine: Engine) => Learner = engineLearner): void {
  addTableOptions(parent.command("run"))
    .description("join a job, train in every round and disclose the updates")
    .requiredOption("--job <number>", "the job")
    .option("--terms <hash>", "the job's terms as `commonweight job show` prints them: a job with others is refused")
    .option("--engine <name>", "auto, wasm or tfjs-node", "auto")
    .option("--data <folder>", "your own training data, for jobs that publish none")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const values = parseOptions(options, command.opts());
      const { job: jobId, terms, engine: choice } = values;
      // Before anything is begun: an interrupt may end the process here.
      const engine = await openTrainerEngine(choice, new AbortController().signal);
      await withWorker(common, async ({ modules }) => {
        modules.log.info({ engine: engine.name, reason: engine.reason }, "training engine");
        const ownData = ownDataFrom(values.data, tableChoices(values), modules.log);
        const learner = learnerOf(engine);
        const provideBond = provideToken(modules);
        await untilInterrupted((signal) => {
          const bonded = { provideBond: ({ params }: JobContext) => provideBond(params.token, params.bond, signal) };
          const trainer = { ...modules, engine, learner, ...bonded };
          return drained(signal, () => runTrainer(trainer, { jobId, terms, ownData }, signal));
        });
      });
    });
}
