import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

import ts from "typescript";

import type { SourceTree } from "./source-tree.ts";

/** One file that imports another. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

const SOURCE = /\.(ts|mts|js|mjs)$/;
const SDK = "@commonweight/sdk/";

/** Reads which files of the tree import each other. Type imports count; packages and files outside the tree do not. */
export function readImports({ root, files }: SourceTree): readonly Import[] {
  const known = new Set(files);
  return files
    .filter((file) => SOURCE.test(file))
    .flatMap((from) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(join(root, from), "utf8"), true, true);
      const targets = importedFiles.map(({ fileName }) => resolveImport(from, fileName));
      return [...new Set(targets)].filter((to) => to !== from && known.has(to)).map((to) => ({ from, to }));
    });
}

function resolveImport(from: string, name: string): string {
  if (name.startsWith(SDK)) return `sdk/${name.slice(SDK.length)}.ts`;
  return name.startsWith(".") ? posix.join(posix.dirname(from), name) : name;
}
