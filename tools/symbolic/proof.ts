import type { Property } from "./properties.ts";

/**
 * What a solver said of a property. `refuted`: it found arguments for which an assertion fails. `vacuous`: no arguments
 * reach the assertions, so that they say nothing.
 */
export type Verdict = "proved" | "unproved" | "refuted" | "vacuous";

/** What came of one property. */
export interface Proof {
  readonly contract: string;
  readonly property: Property;
  readonly verdict: Verdict;
  /** The counterexample, or why there is no proof. */
  readonly detail?: string | undefined;
}
