/** A node of the compiler's syntax tree; further fields depend on its type. */
export interface SyntaxNode {
  readonly id: number;
  readonly nodeType: string;
  /** `start:length:file`, in bytes. */
  readonly src: string;
  readonly [key: string]: unknown;
}

/** A range of a source, in bytes; the end is exclusive. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

/** Visits a node and all its descendants, each with its ancestors from the outermost to the innermost. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => void,
  ancestors: readonly SyntaxNode[] = [],
): void {
  visit(node, ancestors);
  const below = [...ancestors, node];
  for (const child of childrenOf(node)) walk(child, visit, below);
}

export function rangeOf(node: SyntaxNode): SourceRange {
  const [start, length] = node.src.split(":").map(Number);
  return { start: start!, end: start! + length! };
}

/** Returns the node at `key`, if any. */
export function childOf(node: SyntaxNode | undefined, key: string): SyntaxNode | undefined {
  const child = node?.[key];
  return isNode(child) ? child : undefined;
}

/** Returns the nodes in the list at `key`. */
export function listOf(node: SyntaxNode | undefined, key: string): readonly SyntaxNode[] {
  const list = node?.[key];
  return Array.isArray(list) ? list.filter(isNode) : [];
}

/** Returns the text at `key`, or an empty string. */
export function textOf(node: SyntaxNode | undefined, key: string): string {
  const text = node?.[key];
  return typeof text === "string" ? text : "";
}

/** Returns the compiler's type of an expression or declaration: `uint256`, `int_const 5`. */
export function typeOf(node: SyntaxNode | undefined): string {
  const description = node?.["typeDescriptions"];
  return typeof description === "object" && description !== null && "typeString" in description
    ? String(description.typeString)
    : "";
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.values(node)
    .flatMap((value: unknown) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter(isNode);
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "nodeType" in value && "src" in value;
}
