import type { Sources } from "../solidity/compiler.ts";
import { childOf, listOf, rangeOf, textOf, typeOf, walk, type SyntaxNode } from "../solidity/syntax-tree.ts";

/** Generated file with one function per condition. */
export const BRANCHES_FILE = "contracts/CoveredBranches.sol";
const LIBRARY = "CoveredBranches";
/** Files without code of their own, or only for tests. */
const LEFT_OUT = /^contracts\/(mocks|interfaces|types)\//;

/** One outcome of one condition. */
export interface Branch {
  readonly file: string;
  readonly line: number;
  readonly condition: string;
  readonly outcome: boolean;
  /** Line of `BRANCHES_FILE` that is executed when the condition has this outcome. */
  readonly mark: number;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
  /** Order among insertions at the same position, ascending. */
  readonly rank: number;
}

/**
 * Wraps each condition in a call of its own function, which has one statement per outcome: statement coverage of these
 * functions is branch coverage of the contracts. Line numbers of the contracts do not change.
 *
 * Conditions: of `if`, of `? :`, of loops, of `require`, and each operand of `&&` and `||`.
 */
export function withBranches(
  sources: Sources,
  trees: ReadonlyMap<string, SyntaxNode>,
): { readonly sources: Sources; readonly branches: readonly Branch[] } {
  const written = new Map(sources);
  const branches: Branch[] = [];
  const functions: string[] = [];
  for (const [file, tree] of trees) {
    if (!file.startsWith("contracts/") || LEFT_OUT.test(file)) continue;
    const source = Buffer.from(sources.get(file)!, "utf8").toString("latin1");
    const insertions: Insertion[] = [];
    for (const node of conditionsOf(tree)) {
      const { start, end } = rangeOf(node);
      const name = `b${functions.length}`;
      insertions.push({ at: start, text: `${LIBRARY}.${name}(`, rank: -end }, { at: end, text: ")", rank: -1e9 - start });
      functions.push(functionOf(name));
      const at = { file, line: source.slice(0, start).split("\n").length, condition: source.slice(start, end) };
      const first = FIRST_LINE + (functions.length - 1) * LINES;
      branches.push({ ...at, outcome: true, mark: first + 1 }, { ...at, outcome: false, mark: first + 3 });
    }
    if (insertions.length === 0) continue;
    const text = `${insert(source, insertions)}\nimport {${LIBRARY}} from "${pathFrom(file)}";\n`;
    written.set(file, Buffer.from(text, "latin1").toString("utf8"));
  }
  written.set(BRANCHES_FILE, `${HEAD}${functions.join("")}}\n`);
  return { sources: written, branches };
}

const HEAD = `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.0;\nlibrary ${LIBRARY} {\n`;
const FIRST_LINE = HEAD.split("\n").length;
const LINES = 6;

/** Has `LINES` lines; the second is executed if the condition is true, the fourth if it is false. */
function functionOf(name: string): string {
  return `function ${name}(bool holds) internal pure returns (bool) { if (holds) {\nreturn true;\n} else {\nreturn false;\n} }\n\n`;
}

function conditionsOf(tree: SyntaxNode): readonly SyntaxNode[] {
  const conditions = new Set<SyntaxNode>();
  walk(tree, (node, ancestors) => {
    if (!ancestors.some(({ nodeType }) => nodeType === "FunctionDefinition" || nodeType === "ModifierDefinition")) return;
    for (const condition of conditionsAt(node)) conditions.add(condition);
  });
  return [...conditions];
}

function conditionsAt(node: SyntaxNode): readonly SyntaxNode[] {
  switch (node.nodeType) {
    case "IfStatement":
    case "Conditional":
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForStatement":
      return [childOf(node, "condition")].filter((one) => one !== undefined);
    case "BinaryOperation":
      if (!["&&", "||"].includes(textOf(node, "operator"))) return [];
      return [childOf(node, "leftExpression")!, childOf(node, "rightExpression")!];
    case "FunctionCall":
      return textOf(childOf(node, "expression"), "name") === "require" && typeOf(listOf(node, "arguments")[0]) === "bool"
        ? listOf(node, "arguments").slice(0, 1)
        : [];
    default:
      return [];
  }
}

/**
 * Applies the insertions. At the same position, closing ones come first, inner before outer; then opening ones, outer
 * before inner.
 */
function insert(source: string, insertions: readonly Insertion[]): string {
  let text = "";
  let at = 0;
  for (const one of insertions.toSorted((a, b) => a.at - b.at || a.rank - b.rank)) {
    text += source.slice(at, one.at) + one.text;
    at = one.at;
  }
  return text + source.slice(at);
}

function pathFrom(file: string): string {
  return `${"../".repeat(file.split("/").length - 2) || "./"}${LIBRARY}.sol`;
}
