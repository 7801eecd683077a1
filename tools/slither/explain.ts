import type { Directive } from "./directives.ts";
import type { Finding, Place } from "./findings.ts";

/** A detector whose findings share one explanation, and where it holds. */
export interface Blanket {
  readonly detector: string;
  readonly reason: string;
  /** Whether it explains what was found in a file of this text. */
  holds(source: string): boolean;
}

/** What the comments beside the code leave open. */
export interface Explanations {
  readonly unexplained: readonly Finding[];
  /** Directives without a reason, or that hide too much. */
  readonly bare: readonly Directive[];
  /** Detectors that a directive names and that find nothing there. */
  readonly idle: readonly { readonly directive: Directive; readonly detector: string }[];
  /** How many findings each blanket explains. */
  readonly blankets: readonly { readonly blanket: Blanket; readonly count: number }[];
}

/**
 * Holds what Slither found against the directives in the sources.
 *
 * Stricter than Slither, which lets one directive silence a finding: of re-entrancy, every call that leaves the
 * contract must have one, so that a call to a stranger is not hidden behind one that is explained.
 *
 * @param findings those that directives silence included
 * @param sources texts by file
 */
export function explain(
  findings: readonly Finding[],
  directives: readonly Directive[],
  sources: ReadonlyMap<string, string>,
  blankets: readonly Blanket[],
): Explanations {
  const blanketOf = ({ detector, place }: Finding) =>
    blankets.find((one) => one.detector === detector && one.holds(sources.get(place.file) ?? ""));
  return {
    unexplained: findings.filter((one) => blanketOf(one) === undefined && !isExplained(one, directives)),
    bare: directives.filter(({ detectors, hasReason }) => detectors.length === 0 || !hasReason),
    idle: directives.flatMap((directive) =>
      directive.detectors
        .filter((detector) => !findings.some((one) => one.detector === detector && standsAbove(directive, one)))
        .map((detector) => ({ directive, detector })),
    ),
    blankets: blankets.map((blanket) => ({
      blanket,
      count: findings.filter((one) => blanketOf(one) === blanket).length,
    })),
  };
}

function isExplained({ detector, places, calls }: Finding, directives: readonly Directive[]): boolean {
  const isCovered = (place: Place) => directives.some((one) => one.detectors.includes(detector) && isAbove(one, place));
  return calls.length > 0 ? calls.every(isCovered) : places.some(isCovered);
}

function standsAbove(directive: Directive, { places }: Finding): boolean {
  return places.some((place) => isAbove(directive, place));
}

function isAbove(directive: Directive, { file, line }: Place): boolean {
  return directive.file === file && directive.line + 1 === line;
}
