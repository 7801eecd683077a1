import { expect } from "chai";

import { projectSources, syntaxTrees, type Sources } from "../../tools/solidity/compiler.ts";
import { childOf, rangeOf, textOf, walk, type SyntaxNode } from "../../tools/solidity/syntax-tree.ts";

const MOST_LINES = 500;
/** Exclusive, of the median function from its name to its last brace. */
const MEDIAN_LINES = 12;
/** What others call, emit or catch. */
const DOCUMENTED = ["FunctionDefinition", "EventDefinition", "ErrorDefinition"];

/** A declaration, where it stands, and how many lines it takes. */
interface Declaration {
  readonly name: string;
  readonly lines: number;
  readonly node: SyntaxNode;
}

describe("The contracts' source", function () {
  this.timeout(120_000);
  let sources: Sources;
  let declarations: readonly Declaration[];
  before(() => {
    sources = projectSources();
    declarations = [...syntaxTrees(sources)].flatMap(([file, tree]) =>
      file.startsWith("contracts/") && !file.startsWith("contracts/mocks/")
        ? declarationsOf(sources.get(file)!, tree)
        : [],
    );
  });

  it("has no file of 500 lines", () => {
    const long = [...sources].filter(([, text]) => text.split("\n").length >= MOST_LINES).map(([file]) => file);
    expect(long).to.deep.equal([]);
  });

  it("has functions of less than 12 lines, by the median", () => {
    const lengths = declarations
      .filter(({ node }) => childOf(node, "body") !== undefined)
      .map(({ lines }) => lines)
      .toSorted((a, b) => a - b);
    expect(lengths.length).to.be.greaterThan(100);
    expect(lengths[Math.floor(lengths.length / 2)]).to.be.lessThan(MEDIAN_LINES);
  });

  it("says of everything that others call, emit or catch what it is", () => {
    const open = declarations.filter(({ node }) => isOpen(node));
    expect(open.length).to.be.greaterThan(100);
    expect(open.filter(({ node }) => !isDocumented(node)).map(({ name }) => name)).to.deep.equal([]);
  });
});

function declarationsOf(source: string, tree: SyntaxNode): readonly Declaration[] {
  // The compiler counts bytes.
  const text = Buffer.from(source, "utf8").toString("latin1");
  const found: Declaration[] = [];
  walk(tree, (node, ancestors) => {
    if (!DOCUMENTED.includes(node.nodeType)) return;
    const contract = textOf(ancestors.at(-1), "name");
    const { start, end } = rangeOf(node);
    const documentation = childOf(node, "documentation");
    // Without its comment: a sentence more is no reason to write less code.
    const begin = documentation === undefined ? start : Math.max(start, rangeOf(documentation).end);
    const lines = text.slice(begin, end).trim().split("\n").length;
    found.push({ name: `${contract}.${textOf(node, "name") || textOf(node, "kind")}`, lines, node });
  });
  return found;
}

function isOpen(node: SyntaxNode): boolean {
  return node.nodeType !== "FunctionDefinition" || ["external", "public"].includes(textOf(node, "visibility"));
}

function isDocumented(node: SyntaxNode): boolean {
  return /@(notice|inheritdoc|param)/.test(textOf(childOf(node, "documentation"), "text"));
}
