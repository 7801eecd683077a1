import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { z } from "zod";

import { runProgram } from "../run-program.ts";
import { ROOT } from "../run-tool.ts";

const BUILD_INFO = "artifacts/build-info";
/** Sources that are not the contracts': Slither finds no path for them, and nobody deploys them. */
const TESTS = "project/test/";
const TIMEOUT_MS = 300_000;

/** One thing that Slither says about our contracts. */
export interface Finding {
  readonly detector: string;
  readonly impact: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const buildOutput = z.looseObject({
  output: z.looseObject({
    sources: z.record(z.string(), z.unknown()),
    contracts: z.record(z.string(), z.unknown()).optional(),
  }),
});

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
 * Runs Slither over what Hardhat built, and keeps what it says about our contracts, mocks left out.
 *
 * @param program Slither's path
 * @throws where Slither did not run through
 */
export async function slitherFindings(program: string): Promise<readonly Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), "commonweight-slither-"));
  try {
    layOut(folder);
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
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The project as Slither reads it: the contracts, and the compiler's output without the tests. */
function layOut(folder: string): void {
  for (const name of ["contracts", "node_modules"]) symlinkSync(join(ROOT, name), join(folder, name));
  for (const name of ["hardhat.config.ts", "package.json"]) cpSync(join(ROOT, name), join(folder, name));
  mkdirSync(join(folder, BUILD_INFO), { recursive: true });
  for (const name of readdirSync(join(ROOT, BUILD_INFO))) {
    const text = readFileSync(join(ROOT, BUILD_INFO, name), "utf8");
    writeFileSync(join(folder, BUILD_INFO, name), name.endsWith(".output.json") ? withoutTests(text) : text);
  }
}

function withoutTests(text: string): string {
  const build = buildOutput.parse(JSON.parse(text));
  const { sources, contracts = {} } = build.output;
  return JSON.stringify({ ...build, output: { ...build.output, sources: kept(sources), contracts: kept(contracts) } });
}

function kept(bySource: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(bySource).filter(([source]) => !source.startsWith(TESTS)));
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
  return file.startsWith("contracts/") && !file.startsWith("contracts/mocks/");
}
