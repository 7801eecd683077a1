import { globSync, mkdirSync, readFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";

import { z } from "zod";

import { runProgram } from "../programs/run-program.ts";
import { ROOT } from "../programs/run-tool.ts";
import type { Proof, Verdict } from "./proof.ts";
import { propertiesIn, type Property } from "./properties.ts";

/** Guards against hanging, not figures. */
const TIMEOUT_MS = 900_000;
const SOLVER_TIMEOUT = "120s";
/** No check runs a loop more often; one that does is not proved. */
const MOST_ITERATIONS = "8";
/** In lines. */
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

/** What Halmos's exit codes of one check mean: https://github.com/a16z/halmos, `Exitcode`. */
const REASONS: Readonly<Record<number, string>> = {
  1: "an assertion fails",
  2: "the solver ran out of time",
  3: "a path met what Halmos does not know",
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

/** What must be refuted, or what is proved beside it does not count. */
export const HALMOS_CANARIES = "test/symbolic/halmos/Canaries.sol";

/** Gives the files that Halmos checks, one contract of the same name in each. */
export function halmosFiles(): readonly string[] {
  return globSync("test/symbolic/halmos/*Checks.sol", { cwd: ROOT }).toSorted();
}

/** Reads the properties of a file that Halmos checks. */
export function halmosProperties(file: string): readonly Property[] {
  return propertiesIn(readFileSync(join(ROOT, file), "utf8"), file);
}

/** Runs a file's checks symbolically over the compiled code. */
export async function checkWithHalmos(
  file: string,
  { program, forge, project }: HalmosOptions,
): Promise<readonly Proof[]> {
  const contract = basename(file, ".sol");
  const results = join(project, `${contract}.json`);
  const scratch = join(project, "tmp");
  mkdirSync(scratch, { recursive: true });
  // Halmos calls forge, and forge npm's compiler under this Node.
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
      ? { contract, property, verdict: "unproved", detail: `Halmos did not say: ${output.trim().slice(-300)}` }
      : { contract, property, ...verdictOf(found, output) };
  });
}

function outcomesIn(path: string): readonly Outcome[] {
  try {
    return Object.values(report.parse(JSON.parse(readFileSync(path, "utf8"))).test_results).flat();
  } catch {
    return []; // It was ended, or did not build.
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
