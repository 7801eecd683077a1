import { posix } from "node:path";

import type { Import } from "./import-graph.ts";

/** A closed chain of files or folders, each of which imports the next one. */
export interface Circle {
  /** Files or folders in order; the first follows the last. */
  readonly members: readonly string[];
  /** For each member, one import of the next member. */
  readonly imports: readonly Import[];
}

/** For each file or folder, its targets, each with one import as an example. */
type Graph = ReadonlyMap<string, ReadonlyMap<string, Import>>;

/** Finds circles of files. */
export function fileCircles(imports: readonly Import[]): readonly Circle[] {
  return circlesIn(graphOf(imports, ({ from, to }) => [from, to]));
}

/**
 * Finds circles among sibling folders, at every depth.
 *
 * Files directly in a folder count as one more sibling of its subfolders, `trainer/cli/*`. So circles between a folder
 * and its own subfolder are found too.
 */
export function folderCircles(imports: readonly Import[]): readonly Circle[] {
  return circlesIn(graphOf(imports, foldersOf));
}

/** The two sibling folders that an import connects, directly below the deepest folder with both files. */
function foldersOf({ from, to }: Import): readonly [string, string] {
  const [a, b] = [from.split("/"), to.split("/")];
  let depth = 0;
  while (a[depth] === b[depth]) depth++;
  return [folderAt(a, depth), folderAt(b, depth)];
}

function folderAt(path: readonly string[], depth: number): string {
  return path.length - 1 > depth ? path.slice(0, depth + 1).join("/") : posix.join(...path.slice(0, depth), "*");
}

function graphOf(imports: readonly Import[], endsOf: (one: Import) => readonly [string, string]): Graph {
  const graph = new Map<string, Map<string, Import>>();
  for (const one of imports) {
    const [from, to] = endsOf(one);
    if (from === to) continue;
    const targets = graph.get(from) ?? new Map<string, Import>();
    if (!targets.has(to)) targets.set(to, one);
    graph.set(from, targets);
  }
  return graph;
}

/** Finds the shortest circle through each member that is in no earlier circle; empty if and only if there is none. */
function circlesIn(graph: Graph): readonly Circle[] {
  const found: Circle[] = [];
  const seen = new Set<string>();
  for (const start of [...graph.keys()].sort()) {
    const members = seen.has(start) ? undefined : shortestCircle(graph, start);
    if (members === undefined) continue;
    for (const member of members) seen.add(member);
    const imports = members.map((member, at) => graph.get(member)!.get(members[(at + 1) % members.length]!)!);
    found.push({ members, imports });
  }
  return found;
}

/** Breadth-first search from `start` back to it. */
function shortestCircle(graph: Graph, start: string): readonly string[] | undefined {
  const paths = [[start]];
  const reached = new Set<string>();
  for (const path of paths) {
    for (const next of graph.get(path.at(-1)!)?.keys() ?? []) {
      if (next === start) return path;
      if (reached.has(next)) continue;
      reached.add(next);
      paths.push([...path, next]);
    }
  }
  return undefined;
}
