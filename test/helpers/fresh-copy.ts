import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { linkPackages } from "../../tools/build/project-copy.ts";
import { readSourceTree } from "../../tools/lint/structure/source-tree.ts";
import { ROOT } from "../../tools/programs/run-tool.ts";

/** Results of the build, which a copy takes over so that its commands do not build for a minute. */
const BUILD_OUTPUT = ["artifacts", "sdk/abi/typechain"];

/** Copies the repository as a clone has it, with packages and contracts in place, into a new temporary folder. */
export function freshCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), "commonweight-clone-"));
  for (const path of [...readSourceTree(ROOT).files, ...BUILD_OUTPUT]) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
  linkPackages(folder);
  linkCommands(join(folder, "node_modules"));
  return folder;
}

/** As `npm ci` does: the command `commonweight` is the copy's own. */
function linkCommands(packages: string): void {
  const commands = join(packages, ".bin");
  rmSync(commands);
  mkdirSync(commands);
  for (const name of readdirSync(join(ROOT, "node_modules/.bin"))) {
    const isOwn = name === "commonweight";
    const target = isOwn ? "../commonweight/bin/commonweight.mjs" : join(ROOT, "node_modules/.bin", name);
    symlinkSync(target, join(commands, name));
  }
}
