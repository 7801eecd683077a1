import { globSync, mkdirSync, readFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";

import { z } from "zod";

import { runProgram } from "../programs/run-program.ts";
import { ROOT } from "../programs/run-tool.ts";
import type { Proof, Verdict } from "./proof.ts";
import { propertiesIn, type Property } from "./properties.ts";

/** Guards against a hang; not performance targets. */
const TIMEOUT_MS = 900_000;
const SOLVER_TIMEOUT = "120s";
/** Maximum loop iterations; a check with a longer loop is not proved. */
const MOST_ITERATIONS = "8";
/** Maximum length of a printed counterexample, in lines. */
const LONGEST_COUNTEREXAMPLE = 12;

const outcome = z.object({
  name: z.string(),
  exitcode: z.int(),
  models: z.array(z.unknown()).nullish(),
  num_paths: z.tuple([z.int(), z.int(), z.int()]).nullish(),
  num_bounded_loops: z.int().nullish(),
});
type Outcome = z.infer<typeof outcome>;
const report = z.object({ test_results: z.record(z.string(), z.array(outcome)) });

/** Meaning of Halmos's exit codes for one check; see `Exitcode` in https://github.com/a16z/halmos. */
const REASONS: Readonly<Record<number, string>> = {
  1: "an assertion fails",
  2: "the solver ran out of time",
  3: "a path uses a feature that Halmos does not support",
  4: "every path reverts",
  5: "Halmos failed",
};

export interface HalmosOptions {
  /** Halmos's path. */
  readonly program: string;
  /** Forge's path. */
  readonly forge: string;
  /** Folder that `writeFoundryProject` filled. */
  readonly project: string;
}

/** False properties: unless Halmos refutes them, its proofs do not count. */
export const HALMOS_CANARIES = "test/symbolic/halmos/Canaries.sol";

/** Returns the files that Halmos checks; each has one contract, named like the file. */
export function halmosFiles(): readonly string[] {
  return globSync("test/symbolic/halmos/*Checks.sol", { cwd: ROOT }).toSorted();
}

/** Reads the properties in a file for Halmos. */
export function halmosProperties(file: string): readonly Property[] {
  return propertiesIn(readFileSync(join(ROOT, file), "utf8"), file);
}

/** Runs a file's checks symbolically on the compiled code. */
export async function checkWithHalmos(
  file: string,
  { program, forge, project }: HalmosOptions,
): Promise<readonly Proof[]> {
  const contract = basename(file, ".sol");
  const results = join(project, `${contract}.json`);
  const scratch = join(project, "tmp");
  mkdirSync(scratch, { recursive: true });
  // Halmos calls forge, which calls npm's compiler under this Node.
  const path = [dirname(forge), dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
  const options = ["--loop", MOST_ITERATIONS, "--solver-timeout-assertion", SOLVER_TIMEOUT, "--no-status"];
  const { output } = await runProgram(program, ["--contract", contract, "--json-output", results, ...options], {
    folder: project,
    environment: { PATH: path, TMPDIR: scratch },
    timeoutMs: TIMEOUT_MS,
  });
  const outcomes = outcomesIn(results);
  return halmosProperties(file).map((property) => {
    const found = outcomes.find(({ name }) => name.startsWith(`${property.name}(`));
    return found === undefined
      ? { contract, property, verdict: "unproved", detail: `Halmos gave no result: ${output.trim().slice(-300)}` }
      : { contract, property, ...verdictOf(found, output) };
  });
}

function outcomesIn(path: string): readonly Outcome[] {
  try {
    return Object.values(report.parse(JSON.parse(readFileSync(path, "utf8"))).test_results).flat();
  } catch {
    return []; // Halmos was killed, or the build failed.
  }
}

function verdictOf(one: Outcome, output: string): { verdict: Verdict; detail?: string } {
  if (one.exitcode === 1) return { verdict: "refuted", detail: counterexampleIn(output, one.name) };
  if (one.exitcode === 4 || one.num_paths?.[1] === 0) return { verdict: "vacuous" };
  if (one.exitcode !== 0) return { verdict: "unproved", detail: REASONS[one.exitcode] ?? `exit code ${one.exitcode}` };
  if (one.num_bounded_loops === 0) return { verdict: "proved" };
  return { verdict: "unproved", detail: `a loop runs more than ${MOST_ITERATIONS} times` };
}

/** The lines from the last `Counterexample:` to the check's own line. */
function counterexampleIn(output: string, name: string): string {
  const lines = stripVTControlCharacters(output.slice(0, output.indexOf(name))).split("\n");
  const start = lines.findLastIndex((line) => line.includes("Counterexample:"));
  return lines.slice(Math.max(start, 0), -1).slice(0, LONGEST_COUNTEREXAMPLE).join("\n");
}
