import { isError } from "ethers";

import type { JobParams } from "../protocol/job-params.ts";
import { phaseOf, type Phase } from "../protocol/phases.ts";
import type { Contracts } from "./contracts.ts";
import { providerOf } from "./job-events.ts";

/** Phases in which something is sent that rests on the phases before; in Training and Draw, a shard's key. */
const RESTING: readonly Phase[] = ["training", "disclosure", "draw", "scoring", "reveal", "attestation"];
/** Phases that can be too short for a chain. A shard is opened in a period of the length of Disclosure. */
const COMPARED = ["disclosure", "scoring", "reveal", "attestation", "settlement"] as const satisfies readonly Phase[];
/** Blocks over which the time between two of them is measured. */
const MEASURED_BLOCKS = 20;

/** Where a job stands at one block. */
export interface Standing {
  readonly jobId: bigint;
  readonly block: number;
  readonly phase: Phase;
  readonly round: number;
  /** 0 before the first draw. */
  readonly attempt: number;
}

/**
 * Whether the phase is `confirmations` blocks deep: whether the block at that depth shows the same phase of the same
 * attempt, so that what the phase rests on (commitments, draw, tally) stands there or deeper. Always true at depth 1.
 */
export async function isPhaseDeep(contracts: Contracts, at: Standing, confirmations: number): Promise<boolean> {
  if (confirmations <= 1 || !RESTING.includes(at.phase)) return true;
  const number = at.block - (confirmations - 1);
  const block = number < 0 ? null : await providerOf(contracts).getBlock(number);
  if (block === null) return false;
  const { lifecycle, rounds, panel } = contracts;
  try {
    const [phase, { round }, attempt] = await Promise.all([
      lifecycle.phaseAt(at.jobId, block.timestamp, { blockTag: number }),
      rounds.rosterOf(at.jobId, { blockTag: number }),
      panel.attemptOf(at.jobId, at.round, { blockTag: number }),
    ]);
    return phaseOf(phase) === at.phase && Number(round) === at.round && Number(attempt) === at.attempt;
  } catch (error) {
    // So deep down the contracts were not there yet.
    if (isError(error, "BAD_DATA")) return false;
    throw error;
  }
}

/** Periods that rest on depth, in seconds. */
export type RestingPeriods = Pick<JobParams, `${(typeof COMPARED)[number]}Period`>;

/** A period in which workers cannot act safely on this chain, in seconds. */
export interface ShortPeriod {
  readonly phase: (typeof COMPARED)[number];
  readonly seconds: number;
  readonly needed: number;
}

/**
 * Gives the periods of a job that are too short for a chain's depth: shorter than twice `confirmations` blocks, once to
 * wait until the phase is deep, and once to be included again after a reorganisation. None at depth 1.
 *
 * @param seconds between two blocks
 */
export function shortPeriods(params: RestingPeriods, confirmations: number, seconds: number): readonly ShortPeriod[] {
  if (confirmations <= 1) return [];
  const needed = Math.ceil(2 * confirmations * seconds);
  return COMPARED.map((phase) => ({ phase, seconds: params[`${phase}Period`], needed })).filter(
    (period) => period.seconds < needed,
  );
}

/** Gives `shortPeriods` by the time between the chain's last 20 blocks; asks the chain nothing at depth 1. */
export async function readShortPeriods(
  contracts: Contracts,
  params: RestingPeriods,
  confirmations: number,
): Promise<readonly ShortPeriod[]> {
  if (confirmations <= 1) return [];
  const provider = providerOf(contracts);
  const head = await provider.getBlock("latest");
  const first = head && (await provider.getBlock(Math.max(0, head.number - MEASURED_BLOCKS)));
  if (head === null || first === null || head.number === first.number) return [];
  return shortPeriods(params, confirmations, (head.timestamp - first.timestamp) / (head.number - first.number));
}

/** Says which period is too short: for warnings, and for who refuses the job. */
export function shortPeriodText({ phase, seconds, needed }: ShortPeriod): string {
  return `${phase} lasts ${seconds} s, and workers of this chain need ${needed} s to get their transactions deep enough`;
}
