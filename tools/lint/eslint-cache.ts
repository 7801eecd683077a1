import { createHash } from "node:crypto";
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { readSourceTree } from "./structure/source-tree.ts";

const FOLDER = "node_modules/.cache/eslint";

/**
 * Returns the path of eslint's cache for the present sources, and deletes caches for other sources.
 *
 * eslint decides per file what to lint again, but type-aware rules depend on other files too. So each cache is valid
 * for one state of all inputs: sources, configuration, the lock file and the generated contract types. A repeated run
 * is instant, and after any change everything is linted.
 *
 * @returns path from the root
 */
export function eslintCacheFile(root: string): string {
  const folder = join(root, FOLDER);
  mkdirSync(folder, { recursive: true });
  const name = `${digestOfInputs(root)}.json`;
  for (const other of readdirSync(folder)) if (other !== name) rmSync(join(folder, other));
  return `${FOLDER}/${name}`;
}

function digestOfInputs(root: string): string {
  const files = readSourceTree(root).files.filter((file) => /\.(ts|js|mjs|cjs|json)$/.test(file));
  const generated = globSync("sdk/abi/typechain/**/*.ts", { cwd: root }).toSorted();
  const digest = createHash("sha256");
  for (const file of [...files, ...generated]) {
    const bytes = readFileSync(join(root, file));
    digest.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return digest.digest("hex").slice(0, 16);
}
