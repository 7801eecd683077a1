import { clusterComparison } from "./cluster-vectors.ts";
import { commitmentComparison } from "./commitment-vectors.ts";
import { compare, type Comparison, type ComparisonResult } from "./comparison.ts";
import { consensusComparison } from "./consensus-vectors.ts";
import { drawComparison } from "./draw-vectors.ts";
import type { OpenHarness } from "./harness.ts";
import { earnedComparison, sharesComparison, slashComparison } from "./payout-vectors.ts";
import { phaseComparison } from "./phase-vectors.ts";
import { trustComparison } from "./trust-vectors.ts";

/** A comparison with any type of vectors. */
export interface Kind {
  readonly name: string;
  /** Number of its vectors for `total` vectors of all kinds. */
  cases(total: number): number;
  compare(open: OpenHarness, seed: number, total: number): Promise<ComparisonResult>;
}

/** All libraries with a mirror. */
export const KINDS: readonly Kind[] = [
  kindOf(consensusComparison),
  kindOf(sharesComparison),
  kindOf(earnedComparison),
  kindOf(slashComparison),
  kindOf(trustComparison),
  kindOf(drawComparison),
  kindOf(phaseComparison),
  kindOf(clusterComparison),
  kindOf(commitmentComparison),
];

function kindOf<Vector, Result>(comparison: Comparison<Vector, Result>): Kind {
  const cases = (total: number) => Math.ceil(total * comparison.share);
  return {
    name: comparison.name,
    cases,
    compare: (open, seed, total) => compare(comparison, open, seed, cases(total)),
  };
}
