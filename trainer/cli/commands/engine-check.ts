import type { Command } from "commander";

import { parseCommonOptions } from "../options/options.ts";
import { columns, printResult } from "../text/print-result.ts";
import { checkScoringEngine, type EngineCheck } from "../wiring/scoring-engine.ts";
import { untilInterrupted } from "../wiring/until-interrupted.ts";

/** `commonweight engine check`: whether this machine computes the scores that others do. Needs no chain and no key. */
export function addEngineCheck(parent: Command): void {
  parent
    .command("check")
    .description("compute the probe that workers start with, and compare it with the committed digests")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      await untilInterrupted(async (signal) => {
        const check = await checkScoringEngine(signal);
        const { engine, cases, failure } = check;
        printResult(common, { engine: engine.name, version: engine.version, cases }, () => linesOf(check));
        if (failure !== undefined) throw failure;
      });
    });
}

function linesOf({ engine, cases }: EngineCheck): readonly string[] {
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
