import { readFileSync } from "node:fs";
import { join } from "node:path";

import { isGenerated, type SourceTree } from "./source-tree.ts";

const TEXT = /(\.(ts|js|mjs|sol|py|ya?ml)|(^|\/)\.ci\/[^/]+)$/;
const COMMENT = /^\s*(\/\/|\/?\*|#)/;

/** Maximum line length in characters, as in `.editorconfig`; Markdown is exempt, because tables cannot be wrapped. */
export const MAX_LINE_LENGTH = 120;

/**
 * Finds lines that are too long, as `file:line`.
 *
 * Lines that cannot be wrapped are exempt: lines with a URL, and lines of code with a string literal (the formatter
 * wraps all other code).
 */
export function findLongLines({ root, files }: SourceTree): readonly string[] {
  return files
    .filter((file) => TEXT.test(file) && !isGenerated(file))
    .flatMap((file) => {
      const lines = readFileSync(join(root, file), "utf8").split("\n");
      return lines.flatMap((line, at) => (isTooLong(line) ? [`${file}:${at + 1}`] : []));
    });
}

function isTooLong(line: string): boolean {
  if ([...line].length <= MAX_LINE_LENGTH || /https?:\/\//.test(line)) return false;
  return COMMENT.test(line) || !/["'`]/.test(line);
}
