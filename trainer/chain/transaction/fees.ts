/** Fee fields of a transaction, in wei per gas. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Priority fee if the node suggests none, in wei per gas. */
const DEFAULT_TIP = 1_000_000_000n;

/** Twice the base fee plus the tip, at most `cap`: valid through about six full blocks. */
export function firstFees(baseFee: bigint, suggestedTip: bigint | undefined, cap: bigint): Fees {
  const tip = suggestedTip ?? DEFAULT_TIP;
  return within(cap, { maxFeePerGas: 2n * baseFee + tip, maxPriorityFeePerGas: tip });
}

/**
 * Fees of a replacement: an eighth more, rounded up (nodes require a tenth), and not below those of a new transaction.
 * `undefined` if an eighth more exceeds the cap.
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
