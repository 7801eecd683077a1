/**
 * Share of the money that approximate scores pay to the wrong trainers, compared with exact ones: half the sum of the
 * absolute differences. Money is divided in proportion to positive scores.
 */
export function misallocated(exact: readonly number[], given: readonly number[]): number {
  const [right, paid] = [payShares(exact), payShares(given)];
  return right.reduce((sum, share, at) => sum + Math.abs(share - (paid[at] ?? 0)), 0) / 2;
}

function payShares(scores: readonly number[]): readonly number[] {
  const weights = scores.map((score) => Math.max(0, score));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
