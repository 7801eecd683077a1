import { dirname, relative } from "node:path/posix";

import type { Sources } from "../solidity/compiler.ts";
import { childOf, listOf, rangeOf, textOf, walk, type SourceRange, type SyntaxNode } from "../solidity/syntax-tree.ts";
import { latin, unlatin } from "./find-mutants.ts";
import { modifierSites, type ModifierText } from "./modifier-sites.ts";
import type { Mutant } from "./mutant.ts";
import { ASKED, FIRST_ASKED, IMPORTED, QUESTION_FILE, questionSource } from "./question.ts";

/** Position of a mutation site in the rewritten source, in bytes. */
export interface SitePlace {
  readonly file: string;
  readonly range: SourceRange;
  readonly mutants: readonly Mutant[];
}

/** Sources that contain many mutants at once. */
export interface MetaSources {
  readonly sources: Sources;
  readonly places: readonly SitePlace[];
}

/** A range to rewrite, with the sites inside it. */
interface Site extends SourceRange {
  readonly mutants: readonly Mutant[];
  readonly inner: Site[];
  /** Inserted unchanged. */
  readonly text: string;
}

/** Writes all mutants into the sources, each behind a check for its number, so that one build serves all mutants. */
export function metaSources(
  sources: Sources,
  trees: ReadonlyMap<string, SyntaxNode>,
  mutants: readonly Mutant[],
): MetaSources {
  const written = new Map(sources);
  const places: SitePlace[] = [];
  const chosen = Map.groupBy(
    mutants.filter(({ form }) => form !== "modifier"),
    ({ file }) => file,
  );
  const modifiers = Map.groupBy(modifierSites(trees, mutants), ({ file }) => file);
  for (const file of new Set([...chosen.keys(), ...modifiers.keys()])) {
    const source = latin(sources.get(file)!);
    const own = chosen.get(file) ?? [];
    const texts = [...namesOf(trees.get(file)!, own), ...(modifiers.get(file) ?? [])];
    const sites = nested([...sitesOf(own), ...texts.map((text) => ({ ...text, mutants: [], inner: [] }))]);
    const onSite = (place: Omit<SitePlace, "file">) => places.push({ file, ...place });
    const text = write({ source, onSite }, { start: 0, end: source.length }, sites, 0);
    // The import goes to the end, so that positions stay valid.
    written.set(file, unlatin(`${text}\nimport {${IMPORTED}} from "${pathFrom(file)}";\n`));
  }
  written.set(QUESTION_FILE, questionSource());
  return { sources: written, places };
}

/** A source to rewrite, and a callback for the new position of each site. */
interface Written {
  readonly source: string;
  readonly onSite: (place: Omit<SitePlace, "file">) => void;
}

/** Rewrites a range of a source with its sites; `base` is the length of the text before it. */
function write(written: Written, range: SourceRange, sites: readonly Site[], base: number): string {
  const { source, onSite } = written;
  let text = "";
  let at = range.start;
  for (const site of sites) {
    text += source.slice(at, site.start);
    const start = base + text.length;
    const { before, after } = choices(source, site);
    text += before + write(written, site, site.inner, start + before.length) + after;
    if (site.mutants.length > 0) onSite({ range: { start, end: base + text.length }, mutants: site.mutants });
    at = site.end;
  }
  return text + source.slice(at, range.end);
}

/** Text to insert before and after a site's original text. */
function choices(source: string, { mutants, text }: Site): { readonly before: string; readonly after: string } {
  const [first] = mutants;
  if (first === undefined) return { before: text, after: "" };
  const asked = (mutant: Mutant) => (mutant === first ? FIRST_ASKED : ASKED)(String(mutant.number));
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
    case "modifier":
      throw new Error("a modifier's mutants stand at its definition");
  }
}

/** A site's text as mutated. */
function alternative(source: string, { site, edit, replacement }: Mutant): string {
  const text = source.slice(site.start, site.end);
  return text.slice(0, edit.start - site.start) + replacement + text.slice(edit.end - site.start);
}

/** Groups mutants with the same range and form into one site. */
function sitesOf(mutants: readonly Mutant[]): readonly Site[] {
  const groups = Map.groupBy(mutants, ({ site, form }) => `${site.start}-${site.end}-${form}`);
  return [...groups.values()].map((group) => ({ ...group[0]!.site, mutants: group, inner: [], text: "" }));
}

/** Names for unnamed return values of functions that a mutant returns from early. */
function namesOf(tree: SyntaxNode, mutants: readonly Mutant[]): readonly Omit<ModifierText, "file">[] {
  const bodies = new Set(mutants.filter(({ form }) => form === "insertion").map(({ edit }) => edit.start - 1));
  const names: Omit<ModifierText, "file">[] = [];
  walk(tree, (node) => {
    const body = node.nodeType === "FunctionDefinition" ? childOf(node, "body") : undefined;
    if (body === undefined || !bodies.has(rangeOf(body).start)) return;
    for (const [index, result] of listOf(childOf(node, "returnParameters"), "parameters").entries()) {
      const { end } = rangeOf(result);
      if (textOf(result, "name") === "") names.push({ start: end, end, text: ` result${index}_` });
    }
  });
  return names;
}

/** Nests each site in the innermost site around it. */
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

function pathFrom(file: string): string {
  const path = relative(dirname(file), QUESTION_FILE);
  return path.startsWith(".") ? path : `./${path}`;
}
