import { delimiter, dirname } from "node:path";

import { runProgram, type ProgramResult } from "../../../tools/programs/run-program.ts";
import { ROOT } from "../../../tools/programs/run-tool.ts";

const FETCH_TIMEOUT_MS = 120_000;
const RUN_TIMEOUT_MS = 400_000;
/** npm's error codes if the registry is unreachable and its cache lacks the package. */
const UNREACHABLE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|E503)\b/;

/** A Node of another major version, or the reason why there is none. */
export type FoundNode =
  { readonly kind: "found"; readonly path: string } | { readonly kind: "missing"; readonly reason: string };

/** Finds a Node of a major version: the present one, or the one in npm's package `node`. */
export async function findNode(major: number): Promise<FoundNode> {
  if (process.versions.node.startsWith(`${major}.`)) return { kind: "found", path: process.execPath };
  const packageName = `node@${major}`;
  const { status, stdout, output } = await runProgram(
    "npx",
    ["--yes", "--prefer-offline", "--loglevel=error", "-p", packageName, "--", "node", "-p", "process.execPath"],
    { folder: ROOT, timeoutMs: FETCH_TIMEOUT_MS },
  );
  const path = stdout.trim().split("\n").at(-1);
  if (status === 0 && path !== undefined) return { kind: "found", path };
  return { kind: "missing", reason: unreachableReason(output) ?? `npm could not fetch ${packageName}: ${output}` };
}

/** Returns the network error that made npm fail; `undefined` for other failures. */
export function unreachableReason(output: string): string | undefined {
  const code = UNREACHABLE.exec(output)?.[0];
  return code === undefined ? undefined : `the package registry cannot be reached (${code})`;
}

/**
 * Runs a program as a user of that Node would: it is first on the PATH, and this process's COMMONWEIGHT_ variables are
 * cleared.
 */
export function runUnder(
  node: string,
  folder: string,
  [program, ...programArguments]: readonly [string, ...string[]],
): Promise<ProgramResult> {
  const environment = Object.fromEntries(Object.keys(process.env).flatMap(cleared));
  return runProgram(program, programArguments, {
    folder,
    timeoutMs: RUN_TIMEOUT_MS,
    environment: { ...environment, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` },
  });
}

function cleared(name: string): readonly (readonly [string, string])[] {
  return name.startsWith("COMMONWEIGHT_") ? [[name, ""]] : [];
}
