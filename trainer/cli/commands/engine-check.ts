import type { Command } from "commander";

import { parseCommonOptions } from "../options/options.ts";
import { comparisonLines } from "../text/comparison-lines.ts";
import { columns, printResult } from "../text/print-result.ts";
import { withWorkLines } from "../text/work-lines.ts";
import { compareTrainingEngines } from "../wiring/engine-comparison.ts";
import { checkScoringEngine, type EngineCheck } from "../wiring/scoring-engine.ts";
import { untilInterrupted } from "../wiring/until-interrupted.ts";

/**
 * `commonweight engine check`: whether this machine computes the scores that others do, and how fast and how alike its
 * engines train. Needs no chain and no key.
 */
export function addEngineCheck(parent: Command): void {
  parent
    .command("check")
    .description(
      "compute the probe that workers start with, and compare it with the committed digests; then train and evaluate " +
        "all presets on both engines, and print their speed and how far they differ",
    )
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      await untilInterrupted(async (signal) => {
        const check = await withWorkLines(common, "probe", () => checkScoringEngine(signal));
        const { engine, cases, failure } = check;
        // An engine that fails the probe is no measure for the other one.
        const compare = () => compareTrainingEngines(signal);
        const comparison =
          failure === undefined ? await withWorkLines(common, "comparison of the engines", compare) : undefined;
        const result = { engine: engine.name, version: engine.version, cases, ...reportOf(comparison) };
        printResult(common, result, () => [
          ...probeLines(check),
          ...(comparison === undefined ? [] : comparisonLines(comparison)),
        ]);
        const error = failure ?? comparison?.failure;
        if (error !== undefined) throw error;
      });
    });
}

/** The comparison for `--json`. */
function reportOf(comparison: Awaited<ReturnType<typeof compareTrainingEngines>> | undefined): object {
  if (comparison === undefined) return {};
  const { other, presets } = comparison;
  switch (other.kind) {
    case "open":
      return { tfjsNode: { kind: "open", version: other.engine.version }, presets };
    case "unavailable":
      return { tfjsNode: other, presets };
  }
}

function probeLines({ engine, cases }: EngineCheck): readonly string[] {
  return [
    `engine ${engine.name} (${engine.version}) on Node ${process.version}, ${process.arch}`,
    "",
    ...columns(
      cases.map(({ name, milliseconds, difference }) => [
        name,
        difference === undefined ? "ok" : `differs in its ${difference.value}`,
        `${milliseconds.toFixed(0)} ms`,
      ]),
      "  ",
    ),
  ];
}
