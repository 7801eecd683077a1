import { mkdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";

import { id } from "ethers";

import {
  compile,
  digestOf,
  errorsOf,
  QUICK,
  RELEASED,
  type CompiledContract,
  type Sources,
} from "../solidity/compiler.ts";
import type { SyntaxNode } from "../solidity/syntax-tree.ts";
import { ROOT } from "../run-tool.ts";
import { metaSources, SWITCH_FILE, SWITCH_NAME } from "./meta-source.ts";
import type { Mutant } from "./mutant.ts";

/** Compiled contracts by file and name. */
export type Build = Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;

/** No mutant has this number. */
export const NO_MUTANT = 2 ** 40;

const CODE = ["evm.bytecode", "evm.deployedBytecode"];
/** Builds outlast a run: a run that goes on where another stopped finds them here. */
const CACHE = join(ROOT, "cache/mutation");
/** Stands in the bytecode where the switch's address goes. */
const PLACEHOLDER = `__$${id(`${SWITCH_FILE}:${SWITCH_NAME}`).slice(2, 36)}$__`;

/**
 * Moves mutants that do not compile beside others to those that are built alone.
 *
 * The compiler says where it fails; the innermost choice there is the one to blame.
 */
export function separate(
  sources: Sources,
  trees: ReadonlyMap<string, SyntaxNode>,
  mutants: readonly Mutant[],
): readonly Mutant[] {
  const meta = metaSources(sources, trees, mutants);
  const errors = errorsOf(compile(meta.sources, {}, { "*": { "": ["ast"] } }));
  if (errors.length === 0) return mutants;
  const alone = new Set<number>();
  for (const error of errors) {
    const { file, start, end } = error.sourceLocation ?? { file: "", start: 0, end: 0 };
    const around = meta.places.filter(
      (place) => place.file === file && place.range.start <= start && place.range.end >= end,
    );
    const [innermost] = around.toSorted((a, b) => a.range.end - a.range.start - (b.range.end - b.range.start));
    if (innermost === undefined) throw new Error(error.formattedMessage);
    for (const { number } of innermost.mutants) alone.add(number);
  }
  return separate(
    sources,
    trees,
    mutants.map((mutant) => (alone.has(mutant.number) ? { ...mutant, form: "alone" } : mutant)),
  );
}

/** Compiles quickly; `undefined` where the sources are no program. */
export function quickBuild(sources: Sources): Build | undefined {
  return cached("quick", sources, () => {
    const compiled = compile(sources, QUICK, wantedOf(sources, CODE));
    return errorsOf(compiled).length === 0 ? compiled.contracts : undefined;
  });
}

/** Compiles as for release, and gives all bytecode as one text: two programs with the same text do the same. */
export function releasedCode(sources: Sources): string | undefined {
  const build = cached("released", sources, () => {
    const compiled = compile(sources, RELEASED, wantedOf(sources, ["evm.bytecode"]));
    return errorsOf(compiled).length === 0 ? compiled.contracts : undefined;
  });
  return build === undefined ? undefined : JSON.stringify(build);
}

/**
 * Puts a build's bytecode, with mutant `number` alive, into the artifacts of the project's copy in `folder`.
 *
 * Everything else in them stays as Hardhat wrote it.
 */
export function writeArtifacts(folder: string, build: Build, number: number): void {
  const address = number.toString(16).padStart(40, "0");
  for (const [file, contracts] of Object.entries(build)) {
    for (const [name, { evm }] of Object.entries(contracts)) {
      const path = join(folder, "artifacts", file, `${name}.json`);
      if (evm === undefined || !existsSync(path)) continue;
      // Cast: written by Hardhat.
      const artifact = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
      const linked = (object: string) => `0x${object.replaceAll(PLACEHOLDER, address)}`;
      artifact["bytecode"] = linked(evm.bytecode.object);
      artifact["deployedBytecode"] = linked(evm.deployedBytecode?.object ?? "");
      writeFileSync(path, JSON.stringify(artifact));
    }
  }
}

/** The code of every contract that the tests use: those of `contracts/`, and the Solidity tests where they are given. */
function wantedOf(sources: Sources, kinds: readonly string[]) {
  const files = [...sources.keys()].filter((file) => !/^contracts\/(interfaces|types)\//.test(file));
  return Object.fromEntries(files.map((file) => [file, { "*": kinds }]));
}

function cached(kind: string, sources: Sources, make: () => Build | undefined): Build | undefined {
  const path = join(CACHE, `${kind}-${digestOf(sources)}.json`);
  // Cast: written below.
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as Build;
  const build = make();
  if (build !== undefined) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(build));
  }
  return build;
}
