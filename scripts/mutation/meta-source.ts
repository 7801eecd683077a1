import { dirname, relative } from "node:path/posix";

import type { Sources } from "../solidity/compiler.ts";
import { childOf, listOf, rangeOf, textOf, walk, type SourceRange, type SyntaxNode } from "../solidity/syntax-tree.ts";
import { latin, unlatin } from "./find-mutants.ts";
import { groupBy } from "./group-by.ts";
import type { Mutant } from "./mutant.ts";

/** Source and name of the library whose address tells which mutant is alive. Only its address is ever asked for. */
export const SWITCH_FILE = "contracts/MutantSwitch.sol";
export const SWITCH_NAME = "MutantSwitch";

/** Where a site stands in its new text, in bytes. */
export interface SitePlace {
  readonly file: string;
  readonly range: SourceRange;
  readonly mutants: readonly Mutant[];
}

/** Sources that hold many mutants at once. */
export interface MetaSources {
  readonly sources: Sources;
  readonly places: readonly SitePlace[];
}

/** A range that is written anew, with those inside it. */
interface Site extends SourceRange {
  readonly mutants: readonly Mutant[];
  readonly inner: Site[];
  /** Put in as it stands. */
  readonly text: string;
}

/**
 * Writes all mutants but the lone ones into the sources, each behind a question for the switch's address.
 *
 * That address is in the bytecode a place to be linked, which the compiler can neither fold nor see through: one build serves
 * every mutant. Linked to a mutant's number it brings that one alive, linked to any other none.
 */
export function metaSources(
  sources: Sources,
  trees: ReadonlyMap<string, SyntaxNode>,
  mutants: readonly Mutant[],
): MetaSources {
  const written = new Map(sources);
  const places: SitePlace[] = [];
  const together = mutants.filter(({ form }) => form !== "alone");
  for (const [file, own] of groupBy(together, (mutant) => mutant.file)) {
    const source = latin(sources.get(file)!);
    const sites = nested([...sitesOf(own), ...namesOf(trees.get(file)!, own)]);
    const text = write(source, { start: 0, end: source.length }, sites, 0, (place) => places.push({ file, ...place }));
    // At the end, so that nothing moves.
    written.set(file, unlatin(`${text}\nimport {${SWITCH_NAME}} from "${pathFrom(file)}";\n`));
  }
  written.set(SWITCH_FILE, `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.0;\n\nlibrary ${SWITCH_NAME} {}\n`);
  return { sources: written, places };
}

/** Gives the source of one mutant's file with that mutant in it, and nothing else changed. */
export function mutatedSource(source: string, mutant: Mutant, tree: SyntaxNode): string {
  const names = mutant.form === "insertion" ? namesOf(tree, [mutant]) : [];
  const edits = [{ ...mutant.edit, text: ` ${mutant.replacement} ` }, ...names];
  const text = edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((whole, edit) => splice(whole, edit, edit.text), latin(source));
  return unlatin(text);
}

/** Writes a range of a source with its sites; `base` is how much text stands before. */
function write(
  source: string,
  range: SourceRange,
  sites: readonly Site[],
  base: number,
  onSite: (place: Omit<SitePlace, "file">) => void,
): string {
  let text = "";
  let at = range.start;
  for (const site of sites) {
    text += source.slice(at, site.start);
    const start = base + text.length;
    const { before, after } = choices(source, site);
    text += before + write(source, site, site.inner, start + before.length, onSite) + after;
    if (site.mutants.length > 0) onSite({ range: { start, end: base + text.length }, mutants: site.mutants });
    at = site.end;
  }
  return text + source.slice(at, range.end);
}

/** What goes before and after a site's own text. */
function choices(source: string, { mutants, text }: Site): { readonly before: string; readonly after: string } {
  const [first] = mutants;
  if (first === undefined) return { before: text, after: "" };
  const asked = (mutant: Mutant) => `(uint160(address(${SWITCH_NAME})) == ${mutant.number})`;
  const other = (mutant: Mutant) => alternative(source, mutant);
  switch (first.form) {
    case "insertion":
      return { before: mutants.map((one) => ` if ${asked(one)} { ${one.replacement} }`).join(""), after: "" };
    case "statement": {
      const before = mutants.map((one) => `{ if ${asked(one)} { ${other(one)} } else { `).join("");
      return { before, after: " } }".repeat(mutants.length) };
    }
    case "expression": {
      const type = first.type ?? "";
      const before = mutants.map((one) => `(${asked(one)} ? ${type}(${other(one)}) : `).join("");
      return { before: `${before}${type}(`, after: `)${")".repeat(mutants.length)}` };
    }
    case "alone":
      throw new Error("a lone mutant has no place beside others");
  }
}

/** The mutant's text of its site. */
function alternative(source: string, { site, edit, replacement }: Mutant): string {
  const inside = { start: edit.start - site.start, end: edit.end - site.start };
  return splice(source.slice(site.start, site.end), inside, replacement);
}

/** Mutants by the range that they choose for. */
function sitesOf(mutants: readonly Mutant[]): readonly Site[] {
  const groups = groupBy(mutants, ({ site, form }) => `${site.start}-${site.end}-${form}`);
  return [...groups.values()].map((group) => ({ ...group[0].site, mutants: group, inner: [], text: "" }));
}

/** Names for results that have none, where a mutant gives them back. */
function namesOf(tree: SyntaxNode, mutants: readonly Mutant[]): readonly Site[] {
  const bodies = new Set(mutants.filter(({ form }) => form === "insertion").map(({ edit }) => edit.start - 1));
  const names: Site[] = [];
  walk(tree, (node) => {
    const body = node.nodeType === "FunctionDefinition" ? childOf(node, "body") : undefined;
    if (body === undefined || !bodies.has(rangeOf(body).start)) return;
    for (const [index, result] of listOf(childOf(node, "returnParameters"), "parameters").entries()) {
      const { end } = rangeOf(result);
      if (textOf(result, "name") === "") {
        names.push({ start: end, end, mutants: [], inner: [], text: ` result${index}_` });
      }
    }
  });
  return names;
}

/** Puts sites into those around them. */
function nested(sites: readonly Site[]): readonly Site[] {
  const outer: Site[] = [];
  const open: Site[] = [];
  for (const site of sites.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    while (open.length > 0 && open.at(-1)!.end <= site.start) open.pop();
    (open.at(-1)?.inner ?? outer).push(site);
    open.push(site);
  }
  return outer;
}

function splice(text: string, { start, end }: SourceRange, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

function pathFrom(file: string): string {
  const path = relative(dirname(file), SWITCH_FILE);
  return path.startsWith(".") ? path : `./${path}`;
}
