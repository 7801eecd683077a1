import { childOf, rangeOf, textOf, walk, type SourceRange, type SyntaxNode } from "../solidity/syntax-tree.ts";
import type { Mutant } from "./mutant.ts";
import { FIRST_ASKED } from "./question.ts";

/** Text to insert into a file. */
export interface ModifierText extends SourceRange {
  readonly file: string;
  readonly text: string;
}

const PARAMETER = "mutant_";

/**
 * Writes mutants that drop a modifier: each modifier gets a number parameter and skips its checks if the mutant with
 * that number is active.
 *
 * Each use of a modifier passes its mutant's number, or 0 if it has no mutant.
 */
export function modifierSites(
  trees: ReadonlyMap<string, SyntaxNode>,
  mutants: readonly Mutant[],
): readonly ModifierText[] {
  const numbers = new Map(
    mutants
      .filter(({ form }) => form === "modifier")
      .map(({ file, edit, number }) => [`${file} ${edit.start}`, number]),
  );
  if (numbers.size === 0) return [];
  const texts: ModifierText[] = [];
  for (const [file, tree] of trees) {
    walk(tree, (node) => {
      if (node.nodeType === "ModifierDefinition") texts.push(...definition(file, node));
      if (node.nodeType !== "ModifierInvocation" || textOf(node, "kind") !== "modifierInvocation") return;
      const { start, end } = rangeOf(node);
      texts.push({ file, start: end, end, text: `(${numbers.get(`${file} ${start}`) ?? 0})` });
    });
  }
  return texts;
}

function definition(file: string, node: SyntaxNode): readonly ModifierText[] {
  const at = (place: number, text: string): ModifierText => ({ file, start: place, end: place, text });
  const body = rangeOf(childOf(node, "body")!);
  return [
    at(rangeOf(childOf(node, "parameters")!).end - 1, `uint256 ${PARAMETER}`),
    at(body.start + 1, ` if ${FIRST_ASKED(PARAMETER)} { _; } else {`),
    at(body.end - 1, "}"),
  ];
}
