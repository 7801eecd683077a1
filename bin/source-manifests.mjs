// Swaps a workspace's package.json for the published one, and back. Plain JavaScript without dependencies, because
// bin/bootstrap.mjs restores manifests after an interrupted `npm pack` before any package is installed.
//
//     node bin/source-manifests.mjs publish FOLDER        for `prepack`
//     node bin/source-manifests.mjs restore               for `postpack`

import { copyFileSync, existsSync, realpathSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(import.meta.url);
const FOLDERS = ["sdk", "trainer"];

/**
 * Replaces a workspace's package.json by its package.published.json; the original becomes package.source.json.
 *
 * @param {string} root the repository
 * @param {string} folder the workspace
 */
export function publishManifest(root, folder) {
  const { current, kept } = pathsIn(root, folder);
  // A rename is atomic: an interrupt at any point leaves a complete copy of the original.
  copyFileSync(current, `${kept}.part`);
  renameSync(`${kept}.part`, kept);
  renameSync(join(root, folder, "package.published.json"), current);
}

/**
 * Restores every package.json that was replaced.
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
