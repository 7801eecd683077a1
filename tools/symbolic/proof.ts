import type { Property } from "./properties.ts";

/**
 * A solver's verdict on a property. `refuted`: it found arguments for which an assertion fails. `vacuous`: no arguments
 * reach the assertions, so they prove nothing.
 */
export type Verdict = "proved" | "unproved" | "refuted" | "vacuous";

/** Result for one property. */
export interface Proof {
  readonly contract: string;
  readonly property: Property;
  readonly verdict: Verdict;
  /** The counterexample, or why there is no proof. */
  readonly detail?: string | undefined;
}
