import { isNearClone } from "../../../trainer/scoring/near-clones.ts";
import type { Rational } from "../../../trainer/aggregation/rational.ts";

/** Minimum, quartiles and maximum. */
export interface Distribution {
  readonly count: number;
  readonly min: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly max: number;
}

/** Quantiles are interpolated linearly (type 7 of Hyndman and Fan 1996); NaN for an empty list. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  const quantile = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [below = NaN, above = NaN] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below + (above - below) * (place - Math.floor(place));
  };
  const [min, q1, median, q3, max] = [0, 0.25, 0.5, 0.75, 1].map(quantile) as [number, number, number, number, number];
  return { count: values.length, min, q1, median, q3, max };
}

/** Share of similarities that reach theta with at least `leastErrors` errors; 0 for an empty list. */
export function shareFrom(similarities: readonly Rational[], hundredths: number, leastErrors: number): number {
  const rule = { theta: { numerator: BigInt(hundredths), denominator: 100n }, leastErrors };
  return similarities.filter((one) => isNearClone(one, rule)).length / Math.max(similarities.length, 1);
}

/** The smallest theta, in hundredths, that no similarity reaches; 101 if a similarity of 1 occurs. */
export function leastClear(similarities: readonly Rational[], leastErrors: number): number {
  for (let hundredths = 1; hundredths <= 100; hundredths++) {
    if (shareFrom(similarities, hundredths, leastErrors) === 0) return hundredths;
  }
  return 101;
}

export function toNumber({ numerator, denominator }: Rational): number {
  return Number(numerator) / Number(denominator);
}
