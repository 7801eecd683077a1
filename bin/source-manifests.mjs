// Exchanges the package.json of a workspace for the one that is published, and back. Plain JavaScript without
// dependencies, because bin/bootstrap.mjs restores what an interrupted `npm pack` left before anything is installed.
//
//     node bin/source-manifests.mjs publish FOLDER        for `prepack`
//     node bin/source-manifests.mjs restore               for `postpack`

import { copyFileSync, existsSync, realpathSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(import.meta.url);
const FOLDERS = ["sdk", "trainer"];

/**
 * Replaces a workspace's package.json by its package.published.json, and keeps the original beside it.
 *
 * @param {string} root the repository
 * @param {string} folder the workspace
 */
export function publishManifest(root, folder) {
  const { current, kept } = pathsIn(root, folder);
  // A rename is atomic: at any moment the original is in its place, or kept whole.
  copyFileSync(current, `${kept}.part`);
  renameSync(`${kept}.part`, kept);
  renameSync(join(root, folder, "package.published.json"), current);
}

/**
 * Puts back every package.json that was replaced.
 *
 * @param {string} root the repository
 */
export function restoreManifests(root) {
  for (const folder of FOLDERS) {
    const { current, kept } = pathsIn(root, folder);
    if (existsSync(kept)) renameSync(kept, current);
  }
}

function pathsIn(root, folder) {
  return { current: join(root, folder, "package.json"), kept: join(root, folder, "package.source.json") };
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === PROGRAM) {
  const root = dirname(dirname(PROGRAM));
  if (process.argv[2] === "publish" && FOLDERS.includes(process.argv[3])) publishManifest(root, process.argv[3]);
  else restoreManifests(root);
}
