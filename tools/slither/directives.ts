/** A comment that silences Slither detectors for code that begins on the next line. */
export interface Directive {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** Empty for a range or for all detectors: such a directive is never accepted, as it would hide later findings. */
  readonly detectors: readonly string[];
  readonly hasReason: boolean;
}

const DIRECTIVE = /^\s*\/\/\s*slither-disable-(?<kind>\S+)\s*(?<detectors>\S*)/;
const COMMENT = /^\s*\/\/\s*(?<text>.*)$/;
/** Minimum length of a reason in characters: a sentence, not "ok". */
const SHORTEST_REASON = 20;

/** Reads the directives of a source. */
export function directivesIn(source: string, file: string): readonly Directive[] {
  const lines = source.split("\n");
  return lines.flatMap((text, index): readonly Directive[] => {
    const { kind, detectors = "" } = DIRECTIVE.exec(text)?.groups ?? {};
    if (kind === undefined) return [];
    const names = detectors.split(",").filter((name) => name !== "");
    const isNarrow = kind === "next-line" && !names.includes("all");
    return [
      {
        file,
        line: index + 1,
        text: text.trim(),
        detectors: isNarrow ? names : [],
        hasReason: hasReason(lines, index),
      },
    ];
  });
}

/** Whether a reason is directly above; consecutive directives share it. */
function hasReason(lines: readonly string[], index: number): boolean {
  const above = lines[index - 1] ?? "";
  if (DIRECTIVE.test(above)) return hasReason(lines, index - 1);
  const reason = COMMENT.exec(above)?.groups?.["text"] ?? "";
  // NatSpec does not count as a reason.
  return !reason.startsWith("/") && reason.length >= SHORTEST_REASON;
}
