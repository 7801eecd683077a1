import { z } from "zod";

import { runForge } from "./run-forge.ts";

const kind = z.union([
  z.object({ Fuzz: z.object({ runs: z.number() }) }),
  z.object({ Invariant: z.object({ runs: z.number(), calls: z.number(), reverts: z.number() }) }),
  z.object({ Unit: z.looseObject({}) }),
]);
const testResult = z.object({ status: z.enum(["Success", "Failure", "Skipped"]), reason: z.string().nullish(), kind });
const report = z.record(z.string(), z.object({ test_results: z.record(z.string(), testResult) }));

/** Result of one test. */
export interface ForgeTest {
  readonly name: string;
  readonly passed: boolean;
  readonly reason: string | undefined;
  /** Runs of a fuzz test or an invariant campaign; 1 for other tests. */
  readonly runs: number;
  /** Calls of an invariant campaign; 0 for other tests. */
  readonly calls: number;
}

export interface ForgeTestRun {
  /** Glob of files. */
  readonly files: string;
  readonly seed: bigint;
  /** Environment variables: forge's settings, and variables that the tests read. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs Solidity tests that {@link buildForgeTests} built, in one process on one core.
 *
 * @throws with forge's output if it prints no report
 */
export async function forgeTest({ files, seed, environment }: ForgeTestRun): Promise<readonly ForgeTest[]> {
  const forgeArguments = ["test", "--json", "--threads", "1", "--match-path", files];
  const seeded = { ...environment, FOUNDRY_FUZZ_SEED: `0x${seed.toString(16)}` };
  const { status, output } = await runForge(forgeArguments, seeded);
  // A failing invariant prints a line of its own before the report.
  const json = output.split("\n").findLast((line) => line.startsWith('{"test/'));
  if (json === undefined) throw new Error(`forge exited with ${status} and printed no report: ${output.slice(-2000)}`);
  return Object.values(report.parse(JSON.parse(json))).flatMap(({ test_results: results }) =>
    Object.entries(results).map(([name, one]) => outcome(name, one)),
  );
}

function outcome(name: string, { status, reason, kind: of }: z.infer<typeof testResult>): ForgeTest {
  const figures = { name: name.replace(/\(.*/, ""), passed: status === "Success", reason: reason ?? undefined };
  if ("Fuzz" in of) return { ...figures, runs: of.Fuzz.runs, calls: 0 };
  if ("Invariant" in of) return { ...figures, runs: of.Invariant.runs, calls: of.Invariant.calls };
  return { ...figures, runs: 1, calls: 0 };
}
