import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";

/** The files of a project, by their paths from its root, with `/` between folders. */
export interface SourceTree {
  readonly root: string;
  readonly files: readonly string[];
}

/** Packages, build output and git's own folder. */
const SKIPPED = /(^|\/)(node_modules|\.git|dist|typechain)$|^(artifacts|cache|coverage|demo-out)$/;

/**
 * Lists the files of a working tree: all that git tracks or would add.
 *
 * If git fails, for example without a repository, lists all files except packages and build output.
 */
export function readSourceTree(root: string): SourceTree {
  const files = trackedFiles(root) ?? filesBelow(root);
  return { root, files: [...files].sort() };
}

function trackedFiles(root: string): ReadonlySet<string> | undefined {
  const words = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const { status, stdout } = spawnSync("git", words, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1_048_576 });
  if (status !== 0) return undefined;
  return new Set(stdout.split("\0").filter((file) => file !== "" && existsSync(join(root, file))));
}

function filesBelow(root: string, folder = ""): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (SKIPPED.test(path)) return [];
    return entry.isDirectory() ? filesBelow(root, path) : [path];
  });
}

/** Whether a program writes the file: bindings, results of studies, deployments. */
export function isGenerated(file: string): boolean {
  return /^sdk\/abi\/|^deployments\/|(^|\/)results\//.test(file);
}
