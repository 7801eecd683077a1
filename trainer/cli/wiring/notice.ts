import { wantsJson } from "../options/options.ts";

/** Prints a notice to standard error: a line of text, or with `--json` one line of JSON. */
export function printNotice(notice: string, message: string): void {
  process.stderr.write(wantsJson() ? `${JSON.stringify({ notice, message })}\n` : `${message}\n`);
}
