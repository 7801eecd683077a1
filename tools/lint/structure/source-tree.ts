import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The files of a project, by their paths from its root, with `/` between folders. */
export interface SourceTree {
  readonly root: string;
  readonly files: readonly string[];
}

/** Lists the files of a working tree: all that git tracks or would add. Needs git. */
export function readSourceTree(root: string): SourceTree {
  const options = { cwd: root, encoding: "utf8", maxBuffer: 64 * 1_048_576 } as const;
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], options);
  const files = listed.split("\0").filter((file) => file !== "" && existsSync(join(root, file)));
  return { root, files: [...new Set(files)].sort() };
}

/** Whether a program writes the file: bindings, results of studies, deployments. */
export function isGenerated(file: string): boolean {
  return /^sdk\/abi\/|^deployments\/|(^|\/)results\//.test(file);
}
