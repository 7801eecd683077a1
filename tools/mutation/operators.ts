import {
  childOf,
  listOf,
  rangeOf,
  textOf,
  typeOf,
  type SourceRange,
  type SyntaxNode,
} from "../solidity/syntax-tree.ts";
import { isGuard, onlyStatement } from "./critical.ts";
import { literalSite } from "./literal-site.ts";
import type { Mutant } from "./mutant.ts";

/** A change at one node. */
export type Change = Pick<Mutant, "operator" | "form" | "edit" | "replacement"> & {
  readonly site?: SourceRange;
  readonly type?: string | undefined;
};

const RELATIONAL: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "==": ["!="],
  "!=": ["=="],
};
const ARITHMETIC: Readonly<Record<string, readonly string[]>> = {
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["/"],
  "<<": [">>"],
  ">>": ["<<"],
  "|": ["&"],
  "&": ["|"],
};
const BOOLEAN: Readonly<Record<string, readonly string[]>> = { "&&": ["||"], "||": ["&&"] };
const ASSIGNED: Readonly<Record<string, string>> = {
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
  "|=": "&=",
  "&=": "|=",
};
const STEPS: Readonly<Record<string, string>> = { "++": "--", "--": "++" };
/** Nodes with a condition. */
const CONDITIONED = new Set(["IfStatement", "Conditional", "WhileStatement", "ForStatement", "DoWhileStatement"]);
const VALUES = new Set(["FunctionCall", "Identifier", "MemberAccess", "IndexAccess"]);
/** Conversions whose literals are not mutated: `address(0)`, `bytes32(0)`. */
const NOT_COUNTED = /^type\((address|bytes\d*|contract |enum )/;

/** Returns all changes of all operators at one node. */
export function changesOf(node: SyntaxNode, ancestors: readonly SyntaxNode[], source: string): readonly Change[] {
  const parent = ancestors.at(-1);
  switch (node.nodeType) {
    case "BinaryOperation":
      return [...binary(node, ancestors, source), ...condition(node, parent)];
    case "UnaryOperation":
      return unary(node, ancestors, source);
    case "Conditional":
      return branches(node, ancestors, source);
    case "Literal":
      return constant(node, ancestors);
    case "FunctionCall":
      return [...swappedArguments(node, ancestors, source), ...condition(node, parent)];
    case "Identifier":
    case "MemberAccess":
    case "IndexAccess":
      return condition(node, parent);
    case "IfStatement":
      return guard(node, source);
    case "ExpressionStatement":
      return expressionStatement(node, parent, source);
    case "EmitStatement":
      return [removal("event", node, source)];
    case "Continue":
    case "Break":
      return [removal("jump", node, source)];
    case "RevertStatement":
      return ancestors.some((one) => isGuard(one) && onlyStatement(childOf(one, "trueBody")) === node)
        ? []
        : [removal("guard", node, source)];
    case "ModifierInvocation":
      return childOf(node, "modifierName")?.["referencedDeclaration"] !== undefined && isModifier(node)
        ? [{ operator: "modifier", form: "modifier", edit: rangeOf(node), replacement: "" }]
        : [];
    case "FunctionDefinition":
      return defaultResult(node);
    default:
      return [];
  }
}

function binary(node: SyntaxNode, ancestors: readonly SyntaxNode[], source: string): readonly Change[] {
  const operator = textOf(node, "operator");
  const [left, right] = [rangeOf(childOf(node, "leftExpression")!), rangeOf(childOf(node, "rightExpression")!)];
  const start = source.indexOf(operator, left.end);
  const edit = { start, end: start + operator.length };
  const swaps = (table: Readonly<Record<string, readonly string[]>>, name: Change["operator"]): readonly Change[] =>
    (table[operator] ?? []).flatMap((replacement) => chosen({ operator: name, edit, replacement }, node, ancestors));
  const operands: readonly Change[] =
    operator in BOOLEAN
      ? [left, right].map((kept) => ({
          operator: "operand",
          form: "expression",
          edit: rangeOf(node),
          replacement: source.slice(kept.start, kept.end),
        }))
      : [];
  return [
    ...swaps(RELATIONAL, "relational"),
    ...swaps(ARITHMETIC, "arithmetic"),
    ...swaps(BOOLEAN, "boolean"),
    ...operands,
  ];
}

/** Negates a boolean value in a condition; comparisons are inverted by the operator `relational`. */
function condition(node: SyntaxNode, parent: SyntaxNode | undefined): readonly Change[] {
  if (!VALUES.has(node.nodeType) || typeOf(node) !== "bool" || parent === undefined) return [];
  const decides =
    (CONDITIONED.has(parent.nodeType) && childOf(parent, "condition") === node) ||
    (parent.nodeType === "BinaryOperation" && textOf(parent, "operator") in BOOLEAN) ||
    parent.nodeType === "Return";
  if (!decides) return [];
  const { start } = rangeOf(node);
  return [
    { operator: "negation", form: "expression", edit: { start, end: start }, replacement: "!", site: rangeOf(node) },
  ];
}

function unary(node: SyntaxNode, ancestors: readonly SyntaxNode[], source: string): readonly Change[] {
  const operator = textOf(node, "operator");
  const { start, end } = rangeOf(node);
  if (operator === "!") {
    const edit = { start, end: start + 1 };
    return [{ operator: "negation", form: "expression", edit, replacement: "", site: { start, end } }];
  }
  const step = STEPS[operator];
  // A loop that counts the wrong way only ends by running out of gas.
  if (step === undefined || isLoopHeader(ancestors)) return [];
  const at = node["prefix"] === true ? start : source.lastIndexOf(operator, end);
  const edit = { start: at, end: at + operator.length };
  return [{ operator: "step", form: "expression", edit, replacement: step, site: { start, end } }];
}

function branches(node: SyntaxNode, ancestors: readonly SyntaxNode[], source: string): readonly Change[] {
  const [yes, no] = [rangeOf(childOf(node, "trueExpression")!), rangeOf(childOf(node, "falseExpression")!)];
  const cut = ({ start, end }: SourceRange) => source.slice(start, end);
  const edit = { start: yes.start, end: no.end };
  const replacement = `${cut(no)}${source.slice(yes.end, no.start)}${cut(yes)}`;
  return chosen({ operator: "branches", edit, replacement }, node, ancestors);
}

function constant(node: SyntaxNode, ancestors: readonly SyntaxNode[]): readonly Change[] {
  const value = textOf(node, "value");
  if (node["kind"] !== "number" || !/^[\d_]+$/.test(value) || typeof node["subdenomination"] === "string") return [];
  if (ancestors.some(isNotCounted)) return [];
  const number = BigInt(value.replaceAll("_", ""));
  const neighbours = number === 0n ? [1n] : [number + 1n, number - 1n];
  return neighbours.flatMap((neighbour) =>
    chosen({ operator: "constant", edit: rangeOf(node), replacement: String(neighbour) }, node, ancestors),
  );
}

function swappedArguments(node: SyntaxNode, ancestors: readonly SyntaxNode[], source: string): readonly Change[] {
  const parent = ancestors.at(-1)?.nodeType;
  if (node["kind"] !== "functionCall" || parent === "EmitStatement" || parent === "RevertStatement") return [];
  const given = listOf(node, "arguments");
  return given.slice(1).flatMap((second, index): readonly Change[] => {
    const first = given[index]!;
    const [a, b] = [rangeOf(first), rangeOf(second)];
    const [left, right] = [source.slice(a.start, a.end), source.slice(b.start, b.end)];
    if (typeOf(first) !== typeOf(second) || left === right) return [];
    const replacement = `${right}${source.slice(a.end, b.start)}${left}`;
    const statement = parent === "ExpressionStatement" && !isLoopHeader(ancestors);
    return [
      {
        operator: "arguments",
        form: statement ? "statement" : "expression",
        edit: { start: a.start, end: b.end },
        replacement,
        site: statement ? withSemicolon(rangeOf(node), source) : rangeOf(node),
      },
    ];
  });
}

function guard(node: SyntaxNode, source: string): readonly Change[] {
  if (isGuard(node)) return [removal("guard", node, source)];
  const body = onlyStatement(childOf(node, "trueBody"));
  const leaves = body?.nodeType === "Return" || body?.nodeType === "Continue" || body?.nodeType === "Break";
  return leaves && childOf(node, "falseBody") === undefined ? [removal("jump", node, source)] : [];
}

function expressionStatement(node: SyntaxNode, parent: SyntaxNode | undefined, source: string): readonly Change[] {
  const expression = childOf(node, "expression")!;
  if (parent?.nodeType === "ForStatement" && childOf(parent, "body") !== node) return [];
  switch (expression.nodeType) {
    case "Assignment":
      // A storage pointer without its assignment does not compile.
      if (typeOf(childOf(expression, "leftHandSide")).includes("storage pointer")) return [];
      return [removal("assignment", node, source), ...compound(node, expression, source)];
    case "UnaryOperation":
      return [removal("assignment", node, source)];
    case "FunctionCall": {
      const called = childOf(expression, "expression");
      const name = textOf(called, "name") || textOf(called, "memberName");
      return [removal(/^_?(require|assert|only)/.test(name) ? "guard" : "call", node, source)];
    }
    default:
      return [];
  }
}

function compound(statement: SyntaxNode, assignment: SyntaxNode, source: string): readonly Change[] {
  const operator = textOf(assignment, "operator");
  const replacement = ASSIGNED[operator];
  if (replacement === undefined) return [];
  const start = source.indexOf(operator, rangeOf(childOf(assignment, "leftHandSide")!).end);
  const edit = { start, end: start + operator.length };
  const site = withSemicolon(rangeOf(statement), source);
  return [{ operator: "arithmetic", form: "statement", edit, replacement, site }];
}

/** Makes the function return at once, with zeros as results. */
function defaultResult(node: SyntaxNode): readonly Change[] {
  const body = childOf(node, "body");
  if (body === undefined || textOf(node, "kind") !== "function" || listOf(body, "statements").length === 0) return [];
  const results = listOf(childOf(node, "returnParameters"), "parameters");
  if (
    results.some((one) => textOf(one, "storageLocation") === "storage" || textOf(one, "storageLocation") === "calldata")
  )
    return [];
  const names = results.map((one, index) => textOf(one, "name") || `result${index}_`);
  const start = rangeOf(body).start + 1;
  const replacement = names.length === 0 ? "return;" : `return (${names.join(", ")});`;
  return [{ operator: "default", form: "insertion", edit: { start, end: start }, replacement }];
}

function removal(operator: Change["operator"], node: SyntaxNode, source: string): Change {
  return { operator, form: "statement", edit: withSemicolon(rangeOf(node), source), replacement: "" };
}

/** Extends a statement's range by its semicolon, which the compiler leaves out. */
function withSemicolon(range: SourceRange, source: string): SourceRange {
  if (source[range.end - 1] === "}" || source[range.end - 1] === ";") return range;
  return { start: range.start, end: source.indexOf(";", range.end) + 1 };
}

/** The change as a choice between expressions; empty for literals of unknown type. */
function chosen(
  change: Pick<Change, "operator" | "edit" | "replacement">,
  node: SyntaxNode,
  ancestors: readonly SyntaxNode[],
): readonly Change[] {
  const literal = literalSite(node, ancestors);
  if (literal === undefined) return [{ ...change, form: "expression", site: rangeOf(node) }];
  return literal.type === undefined ? [] : [{ ...change, form: "expression", ...literal }];
}

function isLoopHeader(ancestors: readonly SyntaxNode[]): boolean {
  const [loop, statement] = ancestors.slice(-2);
  return loop?.nodeType === "ForStatement" && statement !== childOf(loop, "body");
}

function isModifier(node: SyntaxNode): boolean {
  return textOf(node, "kind") === "modifierInvocation";
}

function isNotCounted(node: SyntaxNode): boolean {
  if (node.nodeType === "ArrayTypeName" || node.nodeType === "RevertStatement") return true;
  return node["kind"] === "typeConversion" && NOT_COUNTED.test(typeOf(childOf(node, "expression")));
}
