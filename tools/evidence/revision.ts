import { spawnSync } from "node:child_process";

import { ROOT } from "../programs/run-tool.ts";

/** Results and documentation: changes there do not affect measurements. */
const NOT_MEASURED = [":(exclude)tools/evidence", ":(exclude)docs"];

/** Current commit and its date; a trailing `+` marks uncommitted changes. */
export function currentRevision(): { readonly revision: string; readonly date: string } {
  const commit = git("log", "-1", "--format=%h %cs");
  if (commit === undefined) return { revision: "unknown", date: "unknown" };
  const [hash = "", date = ""] = commit.split(" ");
  const isChanged = git("status", "--porcelain", "--", ".", ...NOT_MEASURED) !== "";
  return { revision: isChanged ? `${hash}+` : hash, date };
}

function git(...gitArguments: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", gitArguments, { cwd: ROOT, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}
