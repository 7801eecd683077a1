import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { z } from "zod";

import { withFreshBuild } from "../fresh-build.ts";
import { runProgram } from "../run-program.ts";

/** A guard against hanging, not a figure. */
const TIMEOUT_MS = 900_000;

/** One thing that Slither says about our contracts. */
export interface Finding {
  readonly detector: string;
  readonly impact: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const element = z.object({
  source_mapping: z.object({ filename_relative: z.string(), lines: z.array(z.int()) }),
});
const report = z.object({
  success: z.boolean(),
  error: z.string().nullable(),
  results: z.object({
    detectors: z
      .array(z.object({ check: z.string(), impact: z.string(), description: z.string(), elements: z.array(element) }))
      .default([]),
  }),
});

/**
 * Runs Slither over the output of a fresh build, and keeps what it says about our contracts.
 *
 * @param program Slither's path
 * @throws where Slither did not run through
 */
export function slitherFindings(program: string): Promise<readonly Finding[]> {
  return withFreshBuild((folder) => findingsIn(folder, program));
}

async function findingsIn(folder: string, program: string): Promise<readonly Finding[]> {
  const results = join(folder, "findings.json");
  const { output } = await runProgram(program, [".", "--ignore-compile", "--json", results], {
    folder,
    // Slither asks `npx hardhat` for its paths: this Node's.
    environment: { PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}` },
    timeoutMs: TIMEOUT_MS,
  });
  if (!existsSync(results)) throw new Error(`Slither did not run through: ${output.trim().slice(-500)}`);
  const { success, error, results: found } = report.parse(JSON.parse(readFileSync(results, "utf8")));
  if (!success) throw new Error(`Slither did not run through: ${error ?? "no reason given"}`);
  return found.detectors.flatMap(findingOf);
}

function findingOf(one: z.infer<typeof report>["results"]["detectors"][number]): readonly Finding[] {
  const [first] = one.elements;
  if (first === undefined || !isOurs(first.source_mapping.filename_relative)) return [];
  // The first element is the function, the second the statement meant.
  const file = first.source_mapping.filename_relative;
  const [, second = first] = one.elements.filter(({ source_mapping }) => source_mapping.filename_relative === file);
  const line = second.source_mapping.lines[0] ?? 0;
  return [{ detector: one.check, impact: one.impact, file, line, text: one.description.trim() }];
}

function isOurs(file: string): boolean {
  return file.startsWith("contracts/");
}
