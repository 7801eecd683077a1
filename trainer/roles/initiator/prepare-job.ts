import type { JobFile } from "@commonweight/sdk/job-file/job-file-schema";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import type { TokenInfo } from "@commonweight/sdk/chain/token-format";
import { resolveJobFile, resolveModel, type ResolvedJob } from "@commonweight/sdk/job-file/resolve-job-file";
import { BPS } from "@commonweight/sdk/protocol/limits";
import { accuracyBps } from "@commonweight/sdk/protocol/scores";
import type { Engine } from "../../engine/port.ts";
import type { Weights } from "../../model/tensors.ts";
import { checkModel, initialWeights } from "../../model/model-layout.ts";
import type { JobData } from "./job-data.ts";

/** A job file with its data, model and the score of the untrained model. */
export interface PreparedJob {
  readonly job: JobFile;
  /** `undefined` if every trainer and validator uses its own data. */
  readonly data: JobData | undefined;
  readonly model: ModelSpec;
  readonly initial: Weights;
  /** Accuracy of the initial model on the public samples, in basis points; `undefined` without these. */
  readonly initialScoreBps: number | undefined;
}

/**
 * Builds the model of a job and measures it on the holdout.
 *
 * @throws MODEL_* · JobFileError
 */
export async function prepareJob(
  job: JobFile,
  data: JobData | undefined,
  engine: Engine,
  signal: AbortSignal,
): Promise<PreparedJob> {
  const model = resolveModel(job, { inputShape: data?.inputShape, classes: data?.classes });
  checkModel(model);
  const initial = initialWeights(model);
  if (job.data.holdout.kind === "own" || data === undefined) {
    return { job, data, model, initial, initialScoreBps: undefined };
  }
  const { correct, count } = await engine.evaluate(
    { model, weights: initial, samples: await data.holdout(signal) },
    signal,
  );
  return { job, data, model, initial, initialScoreBps: accuracyBps(correct, count) };
}

/** Inputs from the chain for a job to be posted. */
export interface ChainFacts {
  readonly token: TokenInfo;
  /** The newest block's time, in seconds. */
  readonly now: number;
}

/**
 * Resolves a prepared job into terms and specification.
 *
 * @throws JobFileError an amount does not fit the token, or the price list begins below the initial model's score
 */
export function resolvePrepared(prepared: PreparedJob, { token, now }: ChainFacts): ResolvedJob {
  const { job, data, model, initialScoreBps } = prepared;
  return resolveJobFile(job, {
    model,
    initialScore: initialScoreBps === undefined ? undefined : initialScoreBps / BPS,
    holdoutSamples: data?.holdoutSamples ?? 0,
    tokenAddress: token.address,
    tokenFormat: token.format,
    now,
  });
}
