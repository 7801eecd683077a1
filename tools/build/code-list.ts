import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { z } from "zod";

import { ROOT } from "../programs/run-tool.ts";
import { compare, type Comparison } from "./comparison.ts";
import { codeHash, type CompiledCode } from "./compiled-code.ts";

/** Committed hashes of the compiled contracts. */
const LIST = join(ROOT, "contracts/code-hashes.json");

const hash = z.string().regex(/^0x[0-9a-f]{64}$/);
const list = z.strictObject({ compiler: z.string(), contracts: z.record(z.string(), hash) });

/** Compiler version, and each contract's `codeHash`. */
export type CodeList = z.infer<typeof list>;

/** Reads the committed list. */
export function readCodeList(): CodeList {
  return list.parse(JSON.parse(readFileSync(LIST, "utf8")));
}

/** Writes the list from a build. */
export function writeCodeList(codes: readonly CompiledCode[], compiler: string): void {
  const contracts = Object.fromEntries(codes.map(({ name, code }) => [name, codeHash(code)]));
  writeFileSync(LIST, `${JSON.stringify({ compiler, contracts } satisfies CodeList, null, 2)}\n`);
}

/** Compares a build's compiler version and code hashes with a list. */
export function compareWithList(
  codes: readonly CompiledCode[],
  compiler: string,
  list: CodeList,
): readonly Comparison[] {
  return [
    compare("compiler", list.compiler, compiler),
    ...codes.map(({ name, code }) => compare(name, list.contracts[name] ?? "not in the list", codeHash(code))),
  ];
}

const lock = z.object({ packages: z.object({ "node_modules/solc": z.object({ version: z.string() }) }) });

/**
 * Returns the compiler's full version.
 *
 * @throws if it is not the version in `package-lock.json`
 */
export function lockedCompiler(): string {
  const { packages } = lock.parse(JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")));
  const { version } = packages["node_modules/solc"];
  // Cast: the package has no types.
  const actual = (createRequire(import.meta.url)("solc") as { version(): string }).version();
  if (actual.startsWith(`${version}+`)) return actual;
  throw new Error(`the installed solc is ${actual}, but package-lock.json has ${version}: run npm ci`);
}
