import { createHash, type Hash } from "node:crypto";

import { CommonweightError } from "@commonweight/sdk/errors";
import { BPS, MAX_EVALUATIONS } from "@commonweight/sdk/protocol/limits";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { accuracyBps, clampScore, INVALID, UNAVAILABLE } from "@commonweight/sdk/protocol/scores";
import type { Engine, Evaluation } from "../engine/port.ts";
import type { Samples, Weights } from "../model/tensors.ts";
import { meanOf } from "../aggregation/vectors/mean.ts";
import { shapleyValues } from "./shapley.ts";

/** One revealed update, as received by a validator. */
export type RevealedUpdate =
  /** Difference to the model, clipped if the job clips, in the order of `tensorLayout`. */
  | { readonly kind: "valid"; readonly delta: Weights }
  /** Its bytes were refused. */
  | { readonly kind: "malformed" }
  /** No peer served its bytes in time. */
  | { readonly kind: "unavailable" }
  /** Byte-identical to an earlier commitment's. */
  | { readonly kind: "copy" };

/**
 * What a score measures (`docs/protocol.md`, Scores and consensus).
 *
 * - `accuracy`: accuracy of model + update minus the model's, in basis points.
 * - `contribution`: the update's Shapley value in `v(S) = loss(w) - loss(w + (1/N) sum of u_i over S)`, in 1/10,000 of
 *   `loss(w)`; positive where the update lowers the loss.
 */
export type ScoringRule =
  | { readonly kind: "accuracy" }
  | {
      readonly kind: "contribution";
      /**
       * Maximum number of evaluations on the holdout besides the model's own, 1..65,535; 60 by default. See
       * `evaluationsFor`.
       */
      readonly maxEvaluations?: number;
      /** Truncation of permutations in 1/10,000 of the model's loss; 1 by default. */
      readonly truncation?: number;
    };

export interface ScoreRequest {
  readonly engine: Pick<Engine, "evaluate">;
  readonly model: ModelSpec;
  /** Weights of the current model. */
  readonly base: Weights;
  /** In the order of the chain's list. */
  readonly updates: readonly RevealedUpdate[];
  readonly holdout: Samples;
  readonly rule: ScoringRule;
  /** The round's seed, 32 bytes in hexadecimal; upper case and `0x` make no difference. */
  readonly seed: string;
  /** Called with the share of the work done, 0..1. */
  readonly onProgress?: (share: number) => void;
}

/** Scores of a round, and a fingerprint of their computation. */
export interface Scored {
  /** One for each update, in their order. */
  readonly scores: readonly number[];
  /**
   * First 24 bits of SHA-256 over the seed and every evaluated loss in nano-nats, in order. All validators that
   * computed the scores have the same fingerprint; guessed scores do not give it.
   */
  readonly fingerprint: number;
}

export const DEFAULT_MAX_EVALUATIONS = 60;
const DEFAULT_TRUNCATION = 1;

/** Losses are compared in nano-nats, so that validators compare integers. */
const NANO = 1e9;
/** Loss in nats that replaces larger losses and NaN: just above the engine's maximum, 16.1 nats. */
const MAX_LOSS = 17;

/**
 * Scores a round's updates on the holdout: an int16 for each update, in their order, and the fingerprint of the
 * computation.
 *
 * Malformed updates get `INVALID`, unavailable ones `UNAVAILABLE`, copies 0; numbers are clamped to `[MIN_SCORE,
 * MAX_SCORE]`. Sums of updates are plain float64 arithmetic in the updates' order. Losses are rounded to integers
 * before they are compared, and all later arithmetic is exact: validators with the same engine and holdout agree
 * exactly. An update with which the loss is not a number gets the worst score.
 *
 * Shapley values in federated learning: Wang et al. 2020 (arXiv 2009.06192); truncated permutations: Ghorbani and Zou
 * 2019 (arXiv 1904.02868). N counts all valid updates, whatever S, so that an update of zeros is a null player.
 *
 * @throws SCORE_NO_HOLDOUT · SCORE_LENGTH · SCORE_PARAMETER · SCORE_MODEL the current model's loss is not a number;
 * errors of the engine; the signal's reason on abort
 */
export async function scoreUpdates(given: ScoreRequest, signal: AbortSignal): Promise<Scored> {
  checkRequest(given);
  const seed = given.seed.toLowerCase().replace(/^0x/, "");
  const hash = createHash("sha256").update(seed);
  const request = { ...given, seed, engine: recording(given.engine, hash) };
  const scores = await scoresOf(request, signal);
  return { scores, fingerprint: hash.digest().readUIntBE(0, 3) };
}

async function scoresOf(request: ScoreRequest, signal: AbortSignal): Promise<readonly number[]> {
  const deltas = request.updates.flatMap((update) => (update.kind === "valid" ? [update.delta] : []));
  const numbers = await scoreDeltas(request, deltas, signal);
  let next = 0;
  return request.updates.map((update) => {
    switch (update.kind) {
      case "valid":
        return numbers[next++] ?? 0;
      case "malformed":
        return INVALID;
      case "unavailable":
        return UNAVAILABLE;
      case "copy":
        return 0;
    }
  });
}

async function scoreDeltas(
  request: ScoreRequest,
  deltas: readonly Weights[],
  signal: AbortSignal,
): Promise<readonly number[]> {
  const base = await evaluate(request, request.base, signal);
  if (base === undefined)
    throw fault("MODEL", "the current model's loss is not a number", "Do not attest such a model.");
  switch (request.rule.kind) {
    case "accuracy":
      return accuracyScores(request, { deltas, base }, signal);
    case "contribution":
      return contributionScores(request, request.rule, { deltas, base }, signal);
  }
}

/** The valid updates' deltas, and the current model's own evaluation. */
interface Measured {
  readonly deltas: readonly Weights[];
  readonly base: Evaluation;
}

async function accuracyScores(
  request: ScoreRequest,
  { deltas, base }: Measured,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const before = accuracyBps(base.correct, base.count);
  const scores: number[] = [];
  for (const delta of deltas) {
    const evaluation = await evaluate(request, meanOf(request.base, [delta], 1), signal);
    const after = evaluation === undefined ? 0 : accuracyBps(evaluation.correct, evaluation.count);
    scores.push(clampScore(BigInt(after - before)));
    request.onProgress?.(scores.length / deltas.length);
  }
  return scores;
}

async function contributionScores(
  request: ScoreRequest,
  rule: Extract<ScoringRule, { kind: "contribution" }>,
  { deltas, base }: Measured,
  signal: AbortSignal,
): Promise<readonly number[]> {
  if (deltas.length === 0) return [];
  const loss = quantiseLoss(base.loss);
  const unit = BigInt(BPS);
  const value = async (coalition: readonly number[]): Promise<bigint> => {
    const members = coalition.flatMap((player) => deltas[player] ?? []);
    const evaluation = await evaluate(request, meanOf(request.base, members, deltas.length), signal);
    return loss - quantiseLoss(evaluation?.loss);
  };
  const options = {
    maxEvaluations: rule.maxEvaluations ?? DEFAULT_MAX_EVALUATIONS,
    tolerance: (loss * BigInt(rule.truncation ?? DEFAULT_TRUNCATION)) / unit,
    seed: request.seed,
    onProgress: request.onProgress,
  };
  const { numerators, denominator } = await shapleyValues({ players: deltas.length, value }, options, signal);
  // A loss of 0 is replaced by one nano-nat, to avoid a division by zero. Division truncates towards zero.
  const scale = denominator * (loss > 0n ? loss : 1n);
  return numerators.map((numerator) => clampScore((numerator * unit) / scale));
}

/** Wraps the engine, so that every loss that it returns is added to `hash`. */
function recording(engine: Pick<Engine, "evaluate">, hash: Hash): Pick<Engine, "evaluate"> {
  return {
    async evaluate(input, signal) {
      const evaluation = await engine.evaluate(input, signal);
      hash.update(`/${quantiseLoss(evaluation.loss)}`);
      return evaluation;
    },
  };
}

/** The loss in nano-nats, rounded to the nearest integer, halves up; `MAX_LOSS` for `undefined`. */
function quantiseLoss(loss: number | undefined): bigint {
  return BigInt(Math.round(Math.min(loss ?? MAX_LOSS, MAX_LOSS) * NANO));
}

/**
 * Returns `undefined` if the weights give no finite loss: a property of the weights, not a failure of the engine.
 */
async function evaluate(request: ScoreRequest, weights: Weights, signal: AbortSignal): Promise<Evaluation | undefined> {
  signal.throwIfAborted();
  if (!weights.every(Number.isFinite)) return undefined;
  try {
    const { engine, model, holdout } = request;
    const evaluation = await engine.evaluate({ model, weights, samples: holdout }, signal);
    return Number.isFinite(evaluation.loss) ? evaluation : undefined;
  } catch (cause) {
    if (cause instanceof CommonweightError && cause.code === "ENGINE_NOT_FINITE") return undefined;
    throw cause;
  }
}

function checkRequest({ base, updates, holdout, rule, seed }: ScoreRequest): void {
  if (holdout.count < 1) throw fault("NO_HOLDOUT", "the holdout has no samples", "Fetch the round's holdout first.");
  if (updates.some((update) => update.kind === "valid" && update.delta.length !== base.length)) {
    throw fault("LENGTH", "an update does not have the model's length", "Score only what `readSafetensors` accepted.");
  }
  if (!/^(0x)?[0-9a-f]{64}$/i.test(seed)) throw fault("PARAMETER", "the seed is not 32 bytes", "Use the round's seed.");
  if (rule.kind === "accuracy") return;
  const { maxEvaluations = DEFAULT_MAX_EVALUATIONS, truncation = DEFAULT_TRUNCATION } = rule;
  if (
    maxEvaluations >= 1 &&
    maxEvaluations <= MAX_EVALUATIONS &&
    truncation >= 0 &&
    [maxEvaluations, truncation].every(Number.isSafeInteger)
  )
    return;
  const message = `maxEvaluations ${maxEvaluations}, truncation ${truncation}`;
  throw fault(
    "PARAMETER",
    message,
    `Use whole numbers, maxEvaluations from 1 to ${MAX_EVALUATIONS}, truncation from 0.`,
  );
}

function fault(condition: string, message: string, hint: string): CommonweightError {
  return new CommonweightError(`SCORE_${condition}`, message, hint);
}
