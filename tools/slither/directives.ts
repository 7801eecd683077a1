/** A comment that silences detectors of Slither for what begins on the next line. */
export interface Directive {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** None where it is for a range, or for all detectors: that hides what comes later, so no reason is good enough. */
  readonly detectors: readonly string[];
  readonly hasReason: boolean;
}

const DIRECTIVE = /^\s*\/\/\s*slither-disable-(?<kind>\S+)\s*(?<detectors>\S*)/;
const COMMENT = /^\s*\/\/\s*(?<text>.*)$/;
/** Shortest reason: a sentence, not "ok". */
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

/** The reason stands right above; directives that follow each other share it. */
function hasReason(lines: readonly string[], index: number): boolean {
  const above = lines[index - 1] ?? "";
  if (DIRECTIVE.test(above)) return hasReason(lines, index - 1);
  const reason = COMMENT.exec(above)?.groups?.["text"] ?? "";
  // NatSpec documents the function; it is no reason.
  return !reason.startsWith("/") && reason.length >= SHORTEST_REASON;
}
