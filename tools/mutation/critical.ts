import { childOf, textOf, type SyntaxNode } from "../solidity/syntax-tree.ts";

/** Files that are all about money or phases. */
const FILES = /\/(Ledger|Phases|Payouts|StakeRegistry|TrainingMarket)\.sol$/;
/** Functions and modifiers that check who calls, and when, or that say who is paid. */
const SCOPES = /\.(_?only[A-Z]|_?require[A-Z]|_confirm|_earn|_slash|_judgeHoldout)/;
/** Calls that move money. */
const MONEY =
  /^_?(book|collect|move|credit|burn|debit|earn|pay|refund|slash|lock$|unlock$|returnBond|release$|addShares)/;
/** What guards on access and phases look at; the others check parameters. */
const CHECKED = /msg\.sender|[pP]hase|timestamp|\btime\b|End\b|isOver|outcome|cancelled|closed|leaving|since/;

/** Tells whether a mutant touches money, access or phases, where none may survive. */
export function isCritical(
  file: string,
  scope: string,
  around: readonly SyntaxNode[],
  text: (node: SyntaxNode) => string,
): boolean {
  if (FILES.test(file) || SCOPES.test(scope)) return true;
  return around.some(
    (node) =>
      isMoneyCall(node) ||
      node.nodeType === "ModifierInvocation" ||
      (isGuard(node) && CHECKED.test(text(childOf(node, "condition")!))),
  );
}

/** Tells whether a statement is an `if` that does nothing but revert. */
export function isGuard(node: SyntaxNode): boolean {
  if (node.nodeType !== "IfStatement" || childOf(node, "falseBody") !== undefined) return false;
  const body = onlyStatement(childOf(node, "trueBody"));
  return body?.nodeType === "RevertStatement";
}

/** Gives the statement, or the one that a block consists of. */
export function onlyStatement(body: SyntaxNode | undefined): SyntaxNode | undefined {
  if (body?.nodeType !== "Block") return body;
  const statements = body["statements"] as readonly SyntaxNode[];
  return statements.length === 1 ? statements[0] : undefined;
}

function isMoneyCall(node: SyntaxNode): boolean {
  const called = childOf(node, "expression");
  return node.nodeType === "FunctionCall" && MONEY.test(textOf(called, "name") || textOf(called, "memberName"));
}
