import { AbiCoder, keccak256 } from "ethers";

import type { ContentDigest } from "../protocol/content-id.ts";
import type { Contracts } from "./contracts.ts";
import type { JobView, RoundView } from "./job-view.ts";
import { readRound } from "./read-job.ts";

/** A job's money, in the token's smallest unit: funded = trainers + validators + refunded + remaining. */
export interface JobMoney {
  readonly funded: bigint;
  readonly trainers: bigint;
  readonly validators: bigint;
  /** Refunded to the initiator when the job closed. */
  readonly refunded: bigint;
  /** Neither earned nor refunded yet. */
  readonly remaining: bigint;
}

/** A job's rounds so far, and its money. */
export interface JobHistory {
  readonly rounds: readonly RoundView[];
  readonly money: JobMoney;
}

/** Reads all rounds of a job at the view's block. */
export async function readHistory(contracts: Contracts, view: JobView): Promise<JobHistory> {
  const numbers = Array.from({ length: view.roundNumber }, (_, index) => index + 1);
  const [rounds, pays, remaining] = await Promise.all([
    Promise.all(
      numbers.map((number) => readRound(contracts, view.jobId, number, { number: view.block, timestamp: view.time })),
    ),
    Promise.all(numbers.map((number) => validatorsPay(contracts, view, number))),
    contracts.market.balanceIn(view.params.token, rewardPot(view.jobId), { blockTag: view.block }),
  ]);
  const trainers = sum(rounds.map(({ result }) => result.trainerPay));
  const validators = sum(pays);
  const funded = view.params.reward;
  const refunded = view.closed ? funded - trainers - validators : 0n;
  return { rounds, money: { funded, trainers, validators, refunded, remaining } };
}

async function validatorsPay({ market }: Contracts, { jobId, block }: JobView, round: number): Promise<bigint> {
  const pays = await Promise.all(
    [1, 2].map((attempt) => market.validatorsPayOf(jobId, round, attempt, { blockTag: block })),
  );
  return sum(pays.map(({ quality, attestation }) => quality + attestation));
}

/** The ledger account of a job's reward (`TrainingMarket._rewardPot`). */
function rewardPot(jobId: bigint): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["string", "uint256"], ["reward", jobId]));
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

/** A model that a job released. Scores are accuracies in basis points; 0 on own holdouts, where none are recorded. */
export interface Release {
  /** Round that released it. */
  readonly round: number;
  /** Version of the model, from 1. */
  readonly version: number;
  readonly digest: ContentDigest;
  /** Accuracy that the round's committee attested, on the round's samples. */
  readonly score: number;
  /**
   * Confirmed accuracy: the lower one of two committees', or the first one's where no second one came to a result.
   * `undefined` while the release waits for its confirmation.
   */
  readonly confirmed: number | undefined;
}

/**
 * Returns a job's releases, oldest first. The next settled round after a release confirms it (`JobLifecycle._confirm`).
 *
 * @param rounds the job's rounds in order, from the first
 */
export function releasesOf(
  { pendingRound }: Pick<JobView, "pendingRound">,
  rounds: readonly Pick<RoundView, "number" | "confirming" | "outcome" | "result">[],
): readonly Release[] {
  const settled = rounds.filter(({ outcome }) => outcome === "settled");
  return settled.flatMap(({ number, confirming, result }, at): Release[] => {
    if (confirming || result.modelVersion === 0) return [];
    const second = settled[at + 1]?.result.baseScore;
    const { score, modelVersion: version, modelDigest: digest } = result;
    const confirmed = number === pendingRound ? undefined : Math.min(score, second ?? score);
    return [{ round: number, version, digest, score, confirmed }];
  });
}

/** Returns the release with the best confirmed accuracy, the newest of equals; `undefined` if none is confirmed. */
export function bestRelease(releases: readonly Release[]): Release | undefined {
  return releases
    .filter(({ confirmed }) => confirmed !== undefined)
    .reduce<Release | undefined>(
      (best, one) => ((one.confirmed ?? 0) >= (best?.confirmed ?? 0) ? one : best),
      undefined,
    );
}
