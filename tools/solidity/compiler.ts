import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { z } from "zod";

import { ROOT } from "../programs/run-tool.ts";
import type { SyntaxNode } from "./syntax-tree.ts";

/** Source texts by import path. */
export type Sources = ReadonlyMap<string, string>;

const place = z.object({ start: z.number(), length: z.number() });
const linkReferences = z.record(z.string(), z.record(z.string(), z.array(place)));
const code = z.object({ object: z.string(), linkReferences });
const contract = z.object({
  evm: z.object({ bytecode: code, deployedBytecode: code.optional() }).optional(),
});
const problem = z.object({
  severity: z.string(),
  formattedMessage: z.string(),
  message: z.string(),
  sourceLocation: z.object({ file: z.string(), start: z.number(), end: z.number() }).optional(),
});
const output = z.object({
  errors: z.array(problem).default([]),
  sources: z.record(z.string(), z.object({ ast: z.custom<SyntaxNode>().optional() })).default({}),
  contracts: z.record(z.string(), z.record(z.string(), contract)).default({}),
});

export type CompilerOutput = z.infer<typeof output>;
export type CompilerProblem = z.infer<typeof problem>;
export type CompiledContract = z.infer<typeof contract>;

/** Settings for bytecode with the same behaviour, built in a third of the time (forge's `--ir-minimum`). */
export const QUICK = {
  viaIR: true,
  optimizer: { enabled: true, details: { yul: true, yulDetails: { stackAllocation: true, optimizerSteps: "u:" } } },
};

/** Settings of the released bytecode. */
export const RELEASED = { viaIR: true, optimizer: { enabled: true, runs: 200 } };

interface SolcModule {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } | { error: string } }): string;
}
let solc: SolcModule | undefined;

/** Reads the project's contracts, and with `tests` also the Solidity tests. */
export function projectSources(tests = false): Sources {
  const patterns = ["contracts/**/*.sol", ...(tests ? ["test/contracts/**/*.sol"] : [])];
  const files = globSync(patterns, { cwd: ROOT }).toSorted();
  return new Map(files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]));
}

/**
 * Compiles in this process; imports of packages are read from node_modules.
 *
 * @param wanted `outputSelection` of the compiler's standard JSON input
 */
export function compile(
  sources: Sources,
  settings: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
): CompilerOutput {
  // Cast: the package has no types.
  solc ??= createRequire(import.meta.url)("solc") as SolcModule;
  const input = {
    language: "Solidity",
    sources: Object.fromEntries([...sources].map(([name, content]) => [name, { content }])),
    settings: {
      evmVersion: "cancun",
      metadata: { bytecodeHash: "none", appendCBOR: false },
      ...settings,
      outputSelection: wanted,
    },
  };
  return output.parse(JSON.parse(solc.compile(JSON.stringify(input), { import: readPackage })));
}

/** Returns the syntax trees of all sources, or throws the first compiler error. */
export function syntaxTrees(sources: Sources): ReadonlyMap<string, SyntaxNode> {
  const compiled = compile(sources, {}, { "*": { "": ["ast"] } });
  const errors = errorsOf(compiled);
  if (errors.length > 0) throw new Error(errors[0]!.formattedMessage);
  return new Map([...sources.keys()].map((name) => [name, compiled.sources[name]!.ast!]));
}

export function errorsOf(compiled: CompilerOutput): readonly CompilerProblem[] {
  return compiled.errors.filter(({ severity }) => severity === "error");
}

/** Returns a short digest of texts and their names; independent of their order. */
export function digestOf(sources: Sources): string {
  const hash = createHash("sha256");
  for (const [name, text] of [...sources].toSorted(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${name}\0${text}\0`);
  return hash.digest("hex").slice(0, 16);
}

function readPackage(path: string): { contents: string } | { error: string } {
  try {
    return { contents: readFileSync(join(ROOT, "node_modules", path), "utf8") };
  } catch {
    return { error: `${path} not found` };
  }
}
