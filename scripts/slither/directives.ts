/** A directive that silences Slither and does not say why. */
export interface BareDirective {
  readonly line: number;
  readonly text: string;
}

const DIRECTIVE = /^\s*\/\/\s*slither-disable-(?<kind>\S+)\s*(?<detectors>\S*)/;
const COMMENT = /^\s*\/\/\s*(?<text>.*)$/;
/** Shortest reason: a sentence, not "ok". */
const SHORTEST_REASON = 20;

/**
 * Gives the directives that are not explained: a comment stands right above, of a sentence at least. Directives for a range or
 * for all detectors are never explained: they hide what comes later.
 */
export function bareDirectives(source: string): readonly BareDirective[] {
  const lines = source.split("\n");
  return lines.flatMap((text, index): readonly BareDirective[] => {
    const { kind, detectors } = DIRECTIVE.exec(text)?.groups ?? {};
    if (kind === undefined) return [];
    const explained = kind === "next-line" && detectors !== "" && detectors !== "all" && hasReason(lines, index);
    return explained ? [] : [{ line: index + 1, text: text.trim() }];
  });
}

/** Directives that follow each other share the reason above the first. */
function hasReason(lines: readonly string[], index: number): boolean {
  const above = lines[index - 1] ?? "";
  if (DIRECTIVE.test(above)) return hasReason(lines, index - 1);
  const reason = COMMENT.exec(above)?.groups?.["text"] ?? "";
  // NatSpec documents the function; it is no reason.
  return !reason.startsWith("/") && reason.length >= SHORTEST_REASON;
}
