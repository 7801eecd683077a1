/** What a transaction offers, in wei for one unit of gas. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Used where a node suggests none. */
const DEFAULT_TIP = 1_000_000_000n;

/** Offers twice the base fee, so that it stays valid through six full blocks, plus the tip; never above `cap`. */
export function firstFees(baseFee: bigint, suggestedTip: bigint | undefined, cap: bigint): Fees {
  const tip = suggestedTip ?? DEFAULT_TIP;
  return within(cap, { maxFeePerGas: 2n * baseFee + tip, maxPriorityFeePerGas: tip });
}

/**
 * The fees of a replacement: an eighth more, rounded up (nodes ask for a tenth), and not below what a new transaction
 * would offer. `undefined` if the cap leaves no room for that.
 */
export function raisedFees(old: Fees, baseFee: bigint, cap: bigint): Fees | undefined {
  const leastFee = old.maxFeePerGas + eighth(old.maxFeePerGas);
  const tip = old.maxPriorityFeePerGas + eighth(old.maxPriorityFeePerGas);
  if (leastFee > cap) return undefined;
  const fresh = 2n * baseFee + tip;
  return within(cap, { maxFeePerGas: fresh > leastFee ? fresh : leastFee, maxPriorityFeePerGas: tip });
}

function eighth(value: bigint): bigint {
  return (value + 7n) / 8n;
}

function within(cap: bigint, fees: Fees): Fees {
  const maxFeePerGas = fees.maxFeePerGas < cap ? fees.maxFeePerGas : cap;
  const tip = fees.maxPriorityFeePerGas;
  return { maxFeePerGas, maxPriorityFeePerGas: tip < maxFeePerGas ? tip : maxFeePerGas };
}
