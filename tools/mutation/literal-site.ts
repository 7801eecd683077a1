import {
  childOf,
  listOf,
  rangeOf,
  textOf,
  typeOf,
  type SourceRange,
  type SyntaxNode,
} from "../solidity/syntax-tree.ts";

const LITERAL = /^(int|rational)_const /;
const NUMBER = /^u?int\d+$/;

/**
 * Finds the widest constant expression around a node, and the type that its context expects.
 *
 * The compiler evaluates constant expressions exactly, but `condition ? 1 : 2` has the smallest type for both values.
 * So the mutant's choice replaces the whole constant expression and is cast to the expected type. Returns `undefined`
 * if the node is not part of a constant expression; `type` is `undefined` if it is unknown.
 */
export function literalSite(
  node: SyntaxNode,
  ancestors: readonly SyntaxNode[],
): { readonly site: SourceRange; readonly type: string | undefined } | undefined {
  if (!LITERAL.test(typeOf(node))) return undefined;
  const line = [...ancestors, node];
  let widest = line.length - 1;
  while (LITERAL.test(typeOf(line[widest - 1]))) widest--;
  const type = askedType(line[widest]!, line[widest - 1], line.slice(0, widest));
  return { site: rangeOf(line[widest]!), type: type !== undefined && NUMBER.test(type) ? type : undefined };
}

function askedType(
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
  ancestors: readonly SyntaxNode[],
): string | undefined {
  if (parent === undefined) return undefined;
  switch (parent.nodeType) {
    case "BinaryOperation": {
      const operator = textOf(parent, "operator");
      const shifts = operator === "<<" || operator === ">>" || operator === "**";
      if (shifts && childOf(parent, "rightExpression") === node) return "uint256";
      const common = parent["commonType"] as { readonly typeString?: string } | undefined;
      return common?.typeString;
    }
    case "Assignment":
      return typeOf(childOf(parent, "leftHandSide"));
    case "VariableDeclaration":
      return typeOf(parent);
    case "VariableDeclarationStatement":
      return listOf(parent, "declarations").length === 1 ? typeOf(listOf(parent, "declarations")[0]) : undefined;
    case "IndexAccess":
      return "uint256";
    case "FunctionCall":
      return parent["kind"] === "functionCall" ? parameterType(parent, node) : undefined;
    case "Return": {
      const definition = ancestors.findLast(({ nodeType }) => nodeType === "FunctionDefinition");
      const results = listOf(childOf(definition, "returnParameters"), "parameters");
      return results.length === 1 ? typeOf(results[0]) : undefined;
    }
    case "Conditional":
      return typeOf(parent);
    default:
      return undefined;
  }
}

/** Type of an argument's parameter; simple types only, such as `function (uint256,int256) pure returns (uint256)`. */
function parameterType(call: SyntaxNode, argument: SyntaxNode): string | undefined {
  const parameters = /^function \(([^()]*)\)/.exec(typeOf(childOf(call, "expression")))?.[1]?.split(",") ?? [];
  const given = listOf(call, "arguments");
  return parameters.length === given.length ? parameters[given.indexOf(argument)] : undefined;
}
