import { spawnSync } from "node:child_process";

import { ROOT } from "../programs/run-tool.ts";

/** Results, and the page that is made of them: they change no measurement. */
const NOT_MEASURED = [":(exclude)tools/evidence", ":(exclude)docs"];

/** Commit of the code as it stands, and its date; a `+` marks files that changed since. */
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
