import { childOf, textOf, type SyntaxNode } from "../solidity/syntax-tree.ts";

/** Files in which every mutant touches money or phases. */
const FILES = /\/(Ledger|Phases|Payouts|StakeRegistry|TrainingMarket)\.sol$/;
/** Functions and modifiers that check the caller or the phase, or that decide on payments. */
const SCOPES = /\.(_?only[A-Z]|_?require[A-Z]|_confirm|_earn|_slash|_judgeHoldout)/;
/** Calls that move money. */
const MONEY =
  /^_?(book|collect|move|credit|burn|debit|earn|pay|refund|slash|lock$|unlock$|returnBond|release$|addShares)/;
/** Terms in the conditions of guards for access and phases; other guards check parameters. */
const CHECKED = /msg\.sender|[pP]hase|timestamp|\btime\b|End\b|isOver|outcome|cancelled|closed|leaving|since/;

/** Whether a mutant touches money, access or phases; no such mutant may survive. */
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

/** Whether a statement is an `if` that only reverts. */
export function isGuard(node: SyntaxNode): boolean {
  if (node.nodeType !== "IfStatement" || childOf(node, "falseBody") !== undefined) return false;
  const body = onlyStatement(childOf(node, "trueBody"));
  return body?.nodeType === "RevertStatement";
}

/** Returns the statement itself, or the only statement of a block. */
export function onlyStatement(body: SyntaxNode | undefined): SyntaxNode | undefined {
  if (body?.nodeType !== "Block") return body;
  const statements = body["statements"] as readonly SyntaxNode[];
  return statements.length === 1 ? statements[0] : undefined;
}

function isMoneyCall(node: SyntaxNode): boolean {
  const called = childOf(node, "expression");
  return node.nodeType === "FunctionCall" && MONEY.test(textOf(called, "name") || textOf(called, "memberName"));
}
