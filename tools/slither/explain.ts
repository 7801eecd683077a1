import type { Directive } from "./directives.ts";
import type { Finding, Place } from "./findings.ts";

/** One explanation for all findings of a detector. */
export interface Blanket {
  readonly detector: string;
  readonly reason: string;
  /** Whether it applies to findings in a file with this source. */
  holds(source: string): boolean;
}

/** Findings without an explanation, and faulty directives. */
export interface Explanations {
  readonly unexplained: readonly Finding[];
  /** Directives that give no reason or hide too much. */
  readonly bare: readonly Directive[];
  /** Detectors in a directive that silence no finding there. */
  readonly idle: readonly { readonly directive: Directive; readonly detector: string }[];
  /** Number of findings that each blanket explains. */
  readonly blankets: readonly { readonly blanket: Blanket; readonly count: number }[];
}

/**
 * Compares Slither's findings with the directives in the sources.
 *
 * Stricter than Slither, for which one directive silences a whole finding: for re-entrancy, every external call needs
 * its own directive, so that an explained call does not hide an unexplained one.
 *
 * @param findings all findings, also those silenced by directives
 * @param sources source texts by file
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
