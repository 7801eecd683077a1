import type { Command } from "commander";
import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import { formatProblem } from "@commonweight/sdk/job-file/job-file-error";
import { openEngine } from "../../../engine/open-engine.ts";
import { dryRun, type DryRunReport } from "../../../roles/initiator/dry-run.ts";
import { prepareJob } from "../../../roles/initiator/prepare-job.ts";
import { readJobFile, withJobData } from "../../inputs/job-file-data.ts";
import { numberOption } from "../../options/number-options.ts";
import { parseCommonOptions, parseOptions } from "../../options/options.ts";
import { reportLines } from "../../text/data-text.ts";
import { columns, printResult } from "../../text/print-result.ts";
import { accuracyBar } from "../../text/show-text.ts";
import { withWorkLines } from "../../text/work-lines.ts";
import { untilInterrupted } from "../../wiring/until-interrupted.ts";
import { openScoringEngine } from "../../wiring/scoring-engine.ts";

const options = z.object({ engine: z.enum(["auto", "wasm", "tfjs-node"]), parts: numberOption.pipe(z.int().min(1)) });

/** `commonweight job dry-run`: simulates one round locally, without a chain or a key. */
export function addJobDryRun(parent: Command): void {
  parent
    .command("dry-run")
    .argument("<file>", "the job file, such as job.yaml")
    .option("--parts <number>", "trainers to simulate, with the first parts of the data", "4")
    .option("--engine <name>", "auto, wasm or tfjs-node", "auto")
    .description("simulate one round on this machine: accuracy, seconds and bytes; needs no chain and no key")
    .action(async (path: string, _values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const { engine: choice, parts } = parseOptions(options, command.opts());
      const file = await readJobFile(path);
      for (const warning of file.warnings) process.stderr.write(`warning ${formatProblem(path, warning)}\n`);
      await untilInterrupted((signal) =>
        withJobData(common, file, signal, async (data) => {
          if (data === undefined || data.parts.length === 0 || data.holdoutSamples === 0) throw nothingToRun(path);
          const scoringEngine = await openScoringEngine();
          const trainingEngine = await openEngine(choice);
          const report = await withWorkLines(common, "dry run", async (done) => {
            const prepared = await prepareJob(file.job, data, scoringEngine, signal);
            // Scoring counts as one more part.
            const steps = Math.min(parts, data.parts.length) + 1;
            const onTrained = ({ part }: { readonly part: number }) => done((part + 1) / steps);
            return dryRun({ trainingEngine, scoringEngine, onTrained }, { ...prepared, data }, parts, signal);
          });
          const result = { ...report, data: { ...data.report, classNames: data.classNames } };
          printResult(common, result, () => [...reportLines(data), "", ...linesOf(report)]);
        }),
      );
    });
}

function linesOf(report: DryRunReport): readonly string[] {
  const { before, after, parts, partsLeftOut, updateBytes, validatorBytes, dataBytes } = report;
  return [
    `one round with ${parts.length} of ${parts.length + partsLeftOut} parts on the engine ${report.engine}, ${report.parameters} parameters`,
    `  ${report.engineReason}`,
    "",
    ...columns(
      parts.map(({ part, samples, seconds, score }) => [
        `part ${part}`,
        `${samples} samples`,
        `trained in ${seconds.toFixed(2)} s`,
        `score ${score}`,
      ]),
      "  ",
    ),
    "",
    `before ${accuracyBar(before)}`,
    `after  ${accuracyBar(after)}`,
    "",
    `scoring took ${report.scoringSeconds.toFixed(2)} s`,
    `an update has ${updateBytes} bytes; a validator fetches ${validatorBytes} bytes in this round; the data set has ${dataBytes}`,
    ...report.warnings.flatMap((warning) => ["", `warning: ${warning}`]),
  ];
}

function nothingToRun(path: string): CommonweightError {
  return new CommonweightError(
    "DRY_RUN_NO_DATA",
    `${path} has no parts to train on or no holdout to score on`,
    "A dry run needs data.folder or data.manifest, a partition other than own, and a public holdout.",
  );
}
