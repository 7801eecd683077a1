import { posix } from "node:path";

import { isGenerated } from "./source-tree.ts";

/** A folder and the number of files directly in it. */
export interface FolderCount {
  readonly folder: string;
  readonly files: number;
}

/** Counts the files directly in each folder; folders with generated files are left out. */
export function countLooseFiles(files: readonly string[]): readonly FolderCount[] {
  const counts = new Map<string, number>();
  for (const file of files) {
    if (isGenerated(file)) continue;
    const folder = posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].map(([folder, count]) => ({ folder, files: count }));
}
