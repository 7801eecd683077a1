/** An exact quotient, such as trust `r_i / Z` on chain. The denominator is positive. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Bits of the integer quotient before rounding: more than float64's 53, so that rounding happens once. */
const QUOTIENT_BITS = 66;

/**
 * The float64 nearest to a quotient of non-negative integers, ties to even (IEEE 754-2019, section 4.3.1).
 *
 * Rounds once, from the exact value; `Number(numerator) / Number(denominator)` rounds three times. Correct for
 * quotients from 2^-900 to 2^900.
 *
 * @throws RangeError the denominator is not positive, or the numerator is negative
 */
export function toFloat64({ numerator, denominator }: Rational): number {
  if (denominator <= 0n || numerator < 0n) throw new RangeError(`not a share: ${numerator} / ${denominator}`);
  if (numerator === 0n) return 0;
  const shift = QUOTIENT_BITS - bitLength(numerator) + bitLength(denominator);
  const dividend = shift > 0 ? numerator << BigInt(shift) : numerator;
  const divisor = shift < 0 ? denominator << BigInt(-shift) : denominator;
  const quotient = dividend / divisor;
  // Sticky bit: set for a remainder, so that a quotient just above a tie is not rounded as a tie.
  const sticky = dividend % divisor === 0n ? quotient : quotient | 1n;
  return timesPowerOfTwo(Number(sticky), -shift);
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}

/** Repeated doubling or halving is exact; JavaScript engines differ in `2 ** n`. */
function timesPowerOfTwo(value: number, exponent: number): number {
  let result = value;
  for (let step = 0; step < exponent; step++) result *= 2;
  for (let step = 0; step > exponent; step--) result /= 2;
  return result;
}
