import { BPS } from "./limits.ts";

// Mirror of `contracts/libraries/Trust.sol`: FLoBC's reputation (Ghanem et al. 2021, arXiv 2112.11873), unnormalised. A
// member's trust is value / total. Founders start with `FOUNDER` each, newcomers at 0.

/** Initial value of a founder, and of every member after all trust was lost. */
export const FOUNDER = 1n << 64n;
/** Above this total all values are divided by 2^64, lazily. */
export const CEILING = 1n << 128n;

/** Below this total all trust counts as lost; the remainder is rounding error. */
export const FLOOR = 1n << 32n;

const SCALE_BITS = 64;

/** A member's trust as last written. */
export interface TrustShare {
  readonly value: bigint;
  /** Epoch and scale of the job in which `value` was written. */
  readonly epoch: number;
  readonly scale: number;
}

/** A job's trust. */
export interface TrustPool {
  /** Sum of all members' values, `departed` included. */
  readonly total: bigint;
  /** Number of times that all trust was lost and reset. */
  readonly epoch: number;
  /** Number of times that all values were divided by 2^64. */
  readonly scale: number;
  /** Values of members that left while a round ran. */
  readonly departed: bigint;
  readonly members: number;
}

/** Gives the value of a share as of now. */
export function valueOf(share: TrustShare, pool: TrustPool): bigint {
  if (share.epoch !== pool.epoch) return FOUNDER >> shift(pool.scale);
  return share.value >> shift(pool.scale - share.scale);
}

/**
 * Gives max(value + gain x total, 0): FLoBC's normalised rule without its division.
 *
 * @param gainBps consensus score in basis points; clamped to +-10,000
 */
export function grown(value: bigint, gainBps: number, total: bigint): bigint {
  const gain = BigInt(Math.min(Math.max(gainBps, -BPS), BPS));
  // Division of bigints truncates towards zero, as Solidity's does.
  const next = value + (gain * total) / BigInt(BPS);
  return next > 0n ? next : 0n;
}

/** Returns the pool after a settlement with total `sum`. Below `FLOOR` every member restarts with `FOUNDER`. */
export function rebased(pool: TrustPool, sum: bigint): TrustPool {
  const { epoch, scale, members } = pool;
  if (sum < FLOOR) return { total: BigInt(members) * FOUNDER, epoch: epoch + 1, scale: 0, departed: 0n, members };
  if (sum <= CEILING) return { total: sum, epoch, scale, departed: 0n, members };
  return { total: sum >> shift(1), epoch, scale: scale + 1, departed: 0n, members };
}

function shift(scales: number): bigint {
  return BigInt(scales * SCALE_BITS);
}
