import { createHash } from "node:crypto";

import type { Sources } from "../solidity/compiler.ts";
import { rangeOf, textOf, walk, type SourceRange, type SyntaxNode } from "../solidity/syntax-tree.ts";
import { isCritical } from "./critical.ts";
import type { Mutant } from "./mutant.ts";
import { changesOf } from "./operators.ts";

/** Files without code of their own, or only for tests. */
const LEFT_OUT = /^contracts\/(mocks|interfaces|types)\//;
const SCOPED = new Set(["FunctionDefinition", "ModifierDefinition", "VariableDeclaration"]);

/** Finds all mutants of the contracts, ordered by file and position; deterministic. */
export function findMutants(sources: Sources, trees: ReadonlyMap<string, SyntaxNode>): readonly Mutant[] {
  const files = [...sources.keys()].filter((file) => file.startsWith("contracts/") && !LEFT_OUT.test(file));
  const found = files.toSorted().flatMap((file) => mutantsOf(file, latin(sources.get(file)!), trees.get(file)!));
  return found.map((mutant, index) => ({ ...mutant, number: index + 1 }));
}

/** Returns a text with one character per UTF-8 byte, because the compiler's positions count bytes. */
export function latin(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Inverse of `latin`. */
export function unlatin(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}

function mutantsOf(file: string, source: string, tree: SyntaxNode): readonly Omit<Mutant, "number">[] {
  const mutants: Omit<Mutant, "number">[] = [];
  const seen = new Map<string, number>();
  const cut = ({ start, end }: SourceRange) => source.slice(start, end);
  walk(tree, (node, ancestors) => {
    const around = [...ancestors, node];
    const scope = scopeOf(around);
    if (scope === undefined) return;
    for (const change of changesOf(node, ancestors, source)) {
      const { operator, form, edit, replacement, type } = change;
      const original = form === "insertion" ? scope : cut(edit);
      const name = [
        file,
        scope,
        operator,
        squeeze(original),
        squeeze(replacement),
        squeeze(statementText(around, cut)),
      ];
      const digest = createHash("sha256").update(name.join("\0")).digest("hex").slice(0, 12);
      const count = (seen.get(digest) ?? 0) + 1;
      seen.set(digest, count);
      mutants.push({
        key: count === 1 ? digest : `${digest}.${count}`,
        file,
        line: source.slice(0, edit.start).split("\n").length,
        scope,
        operator,
        form,
        edit,
        replacement,
        site: change.site ?? edit,
        type,
        original,
        critical: isCritical(file, scope, around, (one) => cut(rangeOf(one))),
      });
    }
  });
  return mutants;
}

/** `Contract.function`; `undefined` outside functions, modifiers and variables. */
function scopeOf(around: readonly SyntaxNode[]): string | undefined {
  const contract = around.find(({ nodeType }) => nodeType === "ContractDefinition");
  const member = around.find(({ nodeType }) => SCOPED.has(nodeType));
  if (member === undefined) return undefined;
  const name = textOf(member, "name") || textOf(member, "kind");
  return contract === undefined ? name : `${textOf(contract, "name")}.${name}`;
}

/** The statement around a node, to distinguish equal expressions in one function. */
function statementText(around: readonly SyntaxNode[], cut: (range: SourceRange) => string): string {
  const statement = around.findLast(({ nodeType }) => nodeType.endsWith("Statement") || nodeType === "Return");
  return statement === undefined ? "" : cut(rangeOf(statement));
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
