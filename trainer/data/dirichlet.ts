import type { HashStream } from "../random/hash-stream.ts";

/**
 * Draws a point from the Dirichlet distribution: independent gamma variates divided by their sum.
 *
 * Uses logarithms, so that small concentrations (0.001) do not underflow to zeros.
 *
 * @param concentrations positive; an entry of 0 gets the share 0
 * @returns shares that sum to 1
 */
export function dirichlet(concentrations: readonly number[], random: HashStream): number[] {
  const logs = concentrations.map((shape) => (shape > 0 ? logGamma(shape, random) : -Infinity));
  const largest = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - largest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * Logarithm of a gamma variate with the given shape and scale 1.
 *
 * Marsaglia and Tsang 2000, "A simple method for generating gamma variables", ACM TOMS 26(3); shapes below 1 by
 * `gamma(a) = gamma(a + 1) * u^(1/a)`.
 */
function logGamma(shape: number, random: HashStream): number {
  if (shape < 1) return logGamma(shape + 1, random) + Math.log(random.unit()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = standardNormal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random.unit()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}

/** Box and Muller 1958. */
function standardNormal(random: HashStream): number {
  const radius = Math.sqrt(-2 * Math.log(random.unit()));
  return radius * Math.cos(2 * Math.PI * random.unit());
}
