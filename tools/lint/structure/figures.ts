import { fileCircles, folderCircles, type Circle } from "./circles.ts";
import { readContractSizes, type ContractSize } from "./contract-sizes.ts";
import { readImports } from "./import-graph.ts";
import { findLongLines, MAX_LINE_LENGTH } from "./line-length.ts";
import { countLooseFiles } from "./loose-files.ts";
import { countParameters } from "./parameters.ts";
import { findStalePatterns } from "./path-patterns.ts";
import type { SourceTree } from "./source-tree.ts";

/** Maximum number of files directly in one folder. */
export const MAX_LOOSE_FILES = 20;
/** Maximum number of parameters of a function. */
export const MAX_PARAMETERS = 4;
/** Exclusive limit for a contract's code size, in bytes. */
export const CONTRACT_LIMIT_BYTES = 18_000;

/** One measure of the tree's structure. */
export interface Figure {
  readonly name: string;
  /** The figure and the folder, contract or function with the maximum. */
  readonly value: string;
  readonly limit: string;
  /** One line for each violation. */
  readonly problems: readonly string[];
}

/** Measures a tree: circles, loose files, parameters, sizes of the built contracts, line length, stale patterns. */
export async function measureStructure(tree: SourceTree): Promise<readonly Figure[]> {
  const imports = readImports(tree);
  return [
    circleFigure("circles of files", fileCircles(imports)),
    circleFigure("circles of folders", folderCircles(imports)),
    looseFiles(tree),
    parameters(tree),
    contractSizes(readContractSizes(tree.root)),
    longLines(tree),
    await stalePatterns(tree),
  ];
}

/** Formats a figure as one line, followed by its problems. */
export function formatFigure({ name, value, limit, problems }: Figure): string {
  const line = `${problems.length === 0 ? "ok    " : "FAILED"} ${name.padEnd(24)} ${value} (limit: ${limit})`;
  return [line, ...problems.map((problem) => `         ${problem}`)].join("\n");
}

function circleFigure(name: string, circles: readonly Circle[]): Figure {
  const problems = circles.map(({ members, imports }) => {
    const ties = imports.map(({ from, to }) => `\n           ${from} imports ${to}`);
    return `${[...members, members[0]].join(" -> ")}${ties.join("")}`;
  });
  return { name, value: String(circles.length), limit: "0", problems };
}

function looseFiles({ files }: SourceTree): Figure {
  const counts = countLooseFiles(files).toSorted((a, b) => b.files - a.files);
  const [largest] = counts;
  return {
    name: "files in one folder",
    value: largest === undefined ? "0" : `${largest.files} in ${largest.folder}`,
    limit: String(MAX_LOOSE_FILES),
    problems: counts.filter((one) => one.files > MAX_LOOSE_FILES).map((one) => `${one.folder}: ${one.files} files`),
  };
}

function parameters(tree: SourceTree): Figure {
  const counts = countParameters(tree).toSorted((a, b) => b.parameters - a.parameters);
  const excessive = counts.filter((one) => one.parameters > MAX_PARAMETERS);
  const most = counts[0]?.parameters ?? 0;
  return {
    name: "parameters of a function",
    value: excessive.length === 0 ? `at most ${most}` : `${excessive.length} functions have 5 to ${most}`,
    limit: `${MAX_PARAMETERS}, outside tests`,
    problems: excessive.map(({ place, name, parameters: count }) => `${place} ${name}: ${count}`),
  };
}

function contractSizes(sizes: readonly ContractSize[]): Figure {
  const sorted = sizes.toSorted((a, b) => b.bytes - a.bytes);
  const [largest] = sorted;
  const limit = `below ${CONTRACT_LIMIT_BYTES} bytes`;
  if (largest === undefined) {
    return { name: "largest contract", value: "none", limit, problems: ["artifacts/contracts has no built contract"] };
  }
  return {
    name: "largest contract",
    value: describe(largest),
    limit,
    problems: sorted.filter(({ bytes }) => bytes >= CONTRACT_LIMIT_BYTES).map(describe),
  };
}

function describe({ name, bytes }: ContractSize): string {
  return `${name} ${bytes} bytes`;
}

function longLines(tree: SourceTree): Figure {
  const lines = findLongLines(tree);
  return { name: `lines over ${MAX_LINE_LENGTH} columns`, value: String(lines.length), limit: "0", problems: lines };
}

async function stalePatterns(tree: SourceTree): Promise<Figure> {
  const stale = await findStalePatterns(tree);
  return {
    name: "stale path patterns",
    value: String(stale.length),
    limit: "0",
    problems: stale.map(({ config, pattern }) => `${config}: ${pattern} matches no file`),
  };
}
