import { spawn } from "node:child_process";
import { once } from "node:events";

import { z } from "zod";

import { forgeProgram } from "./forge-program.ts";
import { forgeWorkspace } from "./forge-workspace.ts";

const kind = z.union([
  z.object({ Fuzz: z.object({ runs: z.number() }) }),
  z.object({ Invariant: z.object({ runs: z.number(), calls: z.number(), reverts: z.number() }) }),
  z.object({ Unit: z.looseObject({}) }),
]);
const testResult = z.object({ status: z.enum(["Success", "Failure", "Skipped"]), reason: z.string().nullish(), kind });
const report = z.record(z.string(), z.object({ test_results: z.record(z.string(), testResult) }));

/** What became of one test. */
export interface ForgeTest {
  readonly name: string;
  readonly passed: boolean;
  readonly reason: string | undefined;
  /** Runs of a fuzz test or of an invariant's campaign; 1 of any other. */
  readonly runs: number;
  /** Calls that a campaign made, 0 elsewhere. */
  readonly calls: number;
}

export interface ForgeRun {
  /** Glob of files. */
  readonly files: string;
  /** Forge's settings by their names in the environment, and what the tests read there. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs Solidity tests under forge; `undefined` where no package holds one for this platform. */
export async function forgeTest({ files, environment }: ForgeRun): Promise<readonly ForgeTest[] | undefined> {
  const forge = forgeProgram();
  if (forge === undefined) return undefined;
  const child = spawn(forge, ["test", "--json", "--match-path", files], {
    cwd: forgeWorkspace(),
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [status] = (await once(child, "close")) as [number | null];
  process.off("exit", end);
  const output = Buffer.concat(chunks).toString("utf8");
  const json = output.slice(output.indexOf("{"));
  if (!json.startsWith("{")) throw new Error(`forge ended with ${status} and told no results: ${output.slice(-2000)}`);
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
