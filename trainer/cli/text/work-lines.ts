import { silentLog } from "../../log.ts";
import { withProgress } from "../../roles/worker/status/progress.ts";
import type { CommonOptions } from "../options/options.ts";

/**
 * Runs a command's work. Every five seconds a line on standard error prints how long it has run and, where it reports
 * it, how much is done; no line with `--json` or `--quiet`.
 *
 * @param what is running, such as "dry run"
 * @param run its argument takes the share that is done, 0 to 1
 */
export function withWorkLines<Result>(
  { json, quiet }: Pick<CommonOptions, "json" | "quiet">,
  what: string,
  run: (report: (share: number) => void) => Promise<Result>,
  intervalMs?: number,
): Promise<Result> {
  const info = (context: object): void => {
    const { seconds, percent } = context as { readonly seconds: number; readonly percent?: number };
    const done = percent === undefined ? "" : `, ${percent} % done`;
    if (!json && !quiet) process.stderr.write(`${what}: working for ${seconds} s${done}\n`);
  };
  return withProgress({ ...silentLog, info }, { message: what, context: {}, run }, intervalMs);
}
