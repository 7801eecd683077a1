// `npm run verify:build`: builds the contracts from scratch and compares their code hashes with the committed list and,
// given a deployment and an endpoint, with the code on chain. `--write` updates the committed list instead.
import Table from "cli-table3";
import { Command } from "commander";

import { readDeployment } from "../../trainer/cli/wiring/deployment-file.ts";
import { CommonweightError } from "@commonweight/sdk/errors";
import { compareWithList, lockedCompiler, readCodeList, writeCodeList } from "./code-list.ts";
import type { Comparison } from "./comparison.ts";
import { compiledCodes } from "./compiled-code.ts";
import { compareOnChain, openChain, type DeployedChain } from "./on-chain.ts";
import { withFreshBuild } from "./fresh-build.ts";
import type { Figure } from "../bench/figures.ts";
import { RECORD_OPTION } from "../evidence/finish-gate.ts";
import { recordResult } from "../evidence/results.ts";
import { isSuccess, totalLine } from "../jobs/suite-result.ts";

interface VerifyOptions {
  readonly write: boolean;
  readonly record: boolean;
  readonly deployment?: string;
  readonly rpc?: string;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const command = new Command("verify:build")
  .description("Compares a fresh build of the contracts with the committed hashes and with a deployment.")
  .option("--write", "write contracts/code-hashes.json instead of comparing with it", false)
  .option("--record", "save the figures for docs/evidence.md", RECORD_OPTION.default)
  .option("--deployment <file>", "deployment to compare with in addition; needs --rpc")
  .option("--rpc <url>", "endpoint of the deployment's chain")
  .action(verify);

try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof CommonweightError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.hint}`);
  process.exitCode = 1;
}

async function verify({ write, record, deployment: path, rpc }: VerifyOptions): Promise<void> {
  if ((path === undefined) !== (rpc === undefined)) command.error("--deployment and --rpc go together");
  // Connect first: a wrong endpoint then fails before the build, which takes a minute.
  const chain = path === undefined || rpc === undefined ? undefined : await chainOf(path, rpc);
  try {
    const compiler = lockedCompiler();
    console.log(`building with solc ${compiler}`);
    const codes = await withFreshBuild((folder) => Promise.resolve(compiledCodes(folder)));
    if (write) writeCodeList(codes, compiler);
    const listed = compareWithList(codes, compiler, readCodeList());
    if (record) recordResult("build", [figureOf(listed)]);
    report([...listed, ...(chain === undefined ? [] : await compareOnChain(chain, codes))]);
  } finally {
    chain?.provider.destroy();
  }
}

async function chainOf(path: string, rpc: string): Promise<DeployedChain> {
  const deployment = await readDeployment(path);
  return { deployment, provider: await openChain(rpc, deployment.chainId) };
}

function figureOf(listed: readonly Comparison[]): Figure {
  const equal = listed.filter(({ matches }) => matches).length;
  const what = "compiler version and code hashes as committed";
  return { what, figure: `${equal} of ${listed.length}`, target: "all", met: equal === listed.length };
}

function report(comparisons: readonly Comparison[]): void {
  const table = new Table({ head: ["", "what", "code"], style: { head: [], border: [], compact: true } });
  for (const { name, expected, actual, matches } of comparisons) {
    table.push([matches ? "ok" : "MISMATCH", name, actual]);
    if (!matches) table.push(["", "expected", expected]);
  }
  console.log(table.toString());
  const passed = comparisons.filter(({ matches }) => matches).length;
  const result = { name: "build", passed, failed: comparisons.length - passed, skipped: 0 };
  console.log(totalLine([result]));
  process.exitCode = isSuccess([result]) ? 0 : 1;
}
