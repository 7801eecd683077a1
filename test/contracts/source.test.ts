import { expect } from "chai";

import type { Figure } from "../../tools/bench/figures.ts";
import { RECORD_OPTION } from "../../tools/evidence/finish-gate.ts";
import { recordResult } from "../../tools/evidence/results.ts";
import { projectSources, syntaxTrees, type Sources } from "../../tools/solidity/compiler.ts";
import { childOf, rangeOf, textOf, walk, type SyntaxNode } from "../../tools/solidity/syntax-tree.ts";

const MOST_LINES = 500;
/** Exclusive limit for the median length of a function, in lines from its name to its last brace. */
const MEDIAN_LINES = 12;
/** Declarations that need documentation. */
const DOCUMENTED = ["FunctionDefinition", "EventDefinition", "ErrorDefinition"];

/** A declaration, its place and its number of lines. */
interface Declaration {
  readonly name: string;
  readonly lines: number;
  readonly node: SyntaxNode;
}

describe("The contracts' source", function () {
  this.timeout(120_000);
  let sources: Sources;
  let declarations: readonly Declaration[];
  const figures: Figure[] = [];
  after(() => {
    if (RECORD_OPTION.default && figures.length === 3) recordResult("source", figures);
  });
  before(() => {
    sources = projectSources();
    declarations = [...syntaxTrees(sources)].flatMap(([file, tree]) =>
      file.startsWith("contracts/") && !file.startsWith("contracts/mocks/")
        ? declarationsOf(sources.get(file)!, tree)
        : [],
    );
  });

  it("has no file of 500 lines", () => {
    const lengths = [...sources].map(([file, text]) => ({ file, lines: text.split("\n").length }));
    const most = Math.max(...lengths.map(({ lines }) => lines));
    const what = "lines of the longest contract file";
    figures.push({ what, figure: String(most), target: `< ${MOST_LINES}`, met: most < MOST_LINES });
    expect(lengths.filter(({ lines }) => lines >= MOST_LINES)).to.deep.equal([]);
  });

  it("has functions of less than 12 lines, by the median", () => {
    const lengths = declarations
      .filter(({ node }) => childOf(node, "body") !== undefined)
      .map(({ lines }) => lines)
      .toSorted((a, b) => a - b);
    expect(lengths.length).to.be.greaterThan(100);
    const median = lengths[Math.floor(lengths.length / 2)]!;
    const what = `lines of the median function, of ${lengths.length}`;
    figures.push({ what, figure: String(median), target: `< ${MEDIAN_LINES}`, met: median < MEDIAN_LINES });
    expect(median).to.be.lessThan(MEDIAN_LINES);
  });

  it("documents every parameter and every return value of what others call, and every parameter of events", () => {
    const missing = interfaceDeclarations(sources).flatMap(({ name, node }) => undocumentedParts(name, node));
    expect(missing).to.deep.equal([]);
  });

  it("would name a parameter and a return value that are not documented", () => {
    const source = [
      "// SPDX-License-Identifier: MIT",
      "pragma solidity 0.8.37;",
      "interface IPlanted {",
      "    /// @notice Returns a sum.",
      "    /// @param a First number.",
      "    function sum(uint256 a, uint256 b) external returns (uint256 total);",
      "    /// @notice Emitted when summed.",
      "    event Summed(uint256 total);",
      "}",
    ].join("\n");
    const planted = interfaceDeclarations(new Map([["contracts/interfaces/IPlanted.sol", source]]));
    expect(planted.flatMap(({ name, node }) => undocumentedParts(name, node))).to.deep.equal([
      "IPlanted.sum: @param b",
      "IPlanted.sum: @return",
      "IPlanted.Summed: @param total",
    ]);
  });

  it("documents every function, event and error", () => {
    const open = declarations.filter(({ node }) => isOpen(node));
    expect(open.length).to.be.greaterThan(100);
    const bare = open.filter(({ node }) => !isDocumented(node)).map(({ name }) => name);
    const what = "interface functions, events and errors without documentation";
    figures.push({ what, figure: String(bare.length), target: "0", met: bare.length === 0 });
    expect(bare).to.deep.equal([]);
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
    // Documentation does not count as lines of code.
    const begin = documentation === undefined ? start : Math.max(start, rangeOf(documentation).end);
    const lines = text.slice(begin, end).trim().split("\n").length;
    found.push({ name: `${contract}.${textOf(node, "name") || textOf(node, "kind")}`, lines, node });
  });
  return found;
}

function isOpen(node: SyntaxNode): boolean {
  return node.nodeType !== "FunctionDefinition" || ["external", "public"].includes(textOf(node, "visibility"));
}

/** Functions and events of the interfaces. */
function interfaceDeclarations(sources: Sources): readonly Declaration[] {
  return [...syntaxTrees(sources)]
    .filter(([file]) => file.startsWith("contracts/interfaces/"))
    .flatMap(([file, tree]) => declarationsOf(sources.get(file)!, tree))
    .filter(({ node }) => node.nodeType !== "ErrorDefinition");
}

/** Names the tags that are missing in a declaration's documentation. */
function undocumentedParts(name: string, node: SyntaxNode): readonly string[] {
  const text = textOf(childOf(node, "documentation"), "text");
  const parameters = partsOf(childOf(node, "parameters")).map((part) => textOf(part, "name"));
  const returned = partsOf(childOf(node, "returnParameters"));
  const returns = text.match(/@return\b/g)?.length ?? 0;
  return [
    ...parameters
      .filter((part) => !new RegExp(`@param ${part}\\s+\\S`).test(text))
      .map((part) => `${name}: @param ${part}`),
    ...returned.slice(returns).map(() => `${name}: @return`),
  ];
}

function partsOf(list: SyntaxNode | undefined): readonly SyntaxNode[] {
  return list === undefined ? [] : (list["parameters"] as readonly SyntaxNode[]);
}

function isDocumented(node: SyntaxNode): boolean {
  return /@(notice|inheritdoc|param)/.test(textOf(childOf(node, "documentation"), "text"));
}
