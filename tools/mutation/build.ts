import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import {
  compile,
  digestOf,
  errorsOf,
  QUICK,
  type CompiledContract,
  type CompilerProblem,
  type Sources,
} from "../solidity/compiler.ts";
import type { SyntaxNode } from "../solidity/syntax-tree.ts";
import { ROOT } from "../programs/run-tool.ts";
import { metaSources, type SitePlace } from "./meta-source.ts";
import type { Mutant } from "./mutant.ts";
import { PLACEHOLDER } from "./question.ts";

/** Compiled contracts by file and name. */
export type Build = Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;

/** Cache for builds, so that a resumed run does not build again. */
const CACHE = join(ROOT, "cache/mutation");

/** Returns the mutants that compile together with the others. */
export function buildable(
  sources: Sources,
  trees: ReadonlyMap<string, SyntaxNode>,
  mutants: readonly Mutant[],
): readonly Mutant[] {
  const meta = metaSources(sources, trees, mutants);
  const errors = errorsOf(compile(meta.sources, {}, { "*": { "": ["ast"] } }));
  if (errors.length === 0) return mutants;
  const blamed = new Set<number>();
  for (const error of errors) {
    const places = blamedPlaces(meta.places, error);
    if (places.length === 0) throw new Error(error.formattedMessage);
    for (const { mutants: own } of places) for (const { number } of own) blamed.add(number);
  }
  return buildable(
    sources,
    trees,
    mutants.filter(({ number }) => !blamed.has(number)),
  );
}

/** The innermost mutation site around the compiler error, or else all sites inside its range. */
function blamedPlaces(places: readonly SitePlace[], { sourceLocation }: CompilerProblem): readonly SitePlace[] {
  const { file, start, end } = sourceLocation ?? { file: "", start: 0, end: 0 };
  const here = places.filter((place) => place.file === file);
  const around = here.filter(({ range }) => range.start <= start && range.end >= end);
  const width = ({ range }: SitePlace) => range.end - range.start;
  if (around.length > 0) return around.toSorted((a, b) => width(a) - width(b)).slice(0, 1);
  return here.filter(({ range }) => range.start >= start && range.end <= end);
}

/** Compiles all mutants into one build, or reads the cached build of the same sources. */
export function buildWith(sources: Sources, trees: ReadonlyMap<string, SyntaxNode>, mutants: readonly Mutant[]): Build {
  const meta = metaSources(sources, trees, mutants).sources;
  const path = join(CACHE, `build-${digestOf(meta)}.json`);
  // Cast: written below.
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as Build;
  const files = [...meta.keys()].filter((file) => !/^contracts\/(interfaces|types)\//.test(file));
  const wanted = Object.fromEntries(files.map((file) => [file, { "*": ["evm.bytecode", "evm.deployedBytecode"] }]));
  const compiled = compile(meta, QUICK, wanted);
  const [error] = errorsOf(compiled);
  if (error !== undefined) throw new Error(error.formattedMessage);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(compiled.contracts));
  return compiled.contracts;
}

/**
 * Replaces the bytecode in the artifacts of the project's copy in `folder` with a build's. Returns a function that
 * activates mutant `number` in these artifacts.
 */
export function placeBuild(folder: string, build: Build): (number: number) => void {
  const asking = Object.entries(build).flatMap(([file, contracts]) =>
    Object.entries(contracts).flatMap(([name, { evm }]) => {
      const path = join(folder, "artifacts", file, `${name}.json`);
      if (evm === undefined || !existsSync(path)) return [];
      // Cast: written by Hardhat.
      const artifact = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
      artifact["bytecode"] = `0x${evm.bytecode.object}`;
      artifact["deployedBytecode"] = `0x${evm.deployedBytecode?.object ?? ""}`;
      const text = JSON.stringify(artifact);
      writeFileSync(path, text);
      return text.includes(PLACEHOLDER) ? [{ path, text }] : [];
    }),
  );
  return (number) => {
    const address = number.toString(16).padStart(40, "0");
    for (const { path, text } of asking) writeFileSync(path, text.replaceAll(PLACEHOLDER, address));
  };
}
