import { JobFileError } from "@commonweight/sdk/job-file/job-file-error";
import { draftSpec, priceListProblems } from "@commonweight/sdk/job-file/resolve-job-file";
import { BPS } from "@commonweight/sdk/protocol/limits";
import { accuracyBps } from "@commonweight/sdk/protocol/scores";
import type { Engine } from "../../engine/port.ts";
import type { Weights } from "../../model/tensors.ts";
import { initialState, stateLayout } from "../../model/model-state.ts";
import { tensorLayout } from "../../model/model-layout.ts";
import { safetensorsSize } from "../../model/safetensors.ts";
import type { RevealedUpdate } from "../../scoring/score.ts";
import type { JobRecipe } from "../worker/job-context.ts";
import { engineLearner } from "../trainer/learner.ts";
import { nextModel } from "../validator/next-model.ts";
import { clipUpdates } from "../validator/round-updates.ts";
import { engineScorer } from "../validator/scorer.ts";
import { gainWarnings } from "./gain-warnings.ts";
import type { JobData } from "./job-data.ts";
import type { PreparedJob } from "./prepare-job.ts";

/** Seed of the dry run's permutations; arbitrary. */
const SEED = `0x${"00".repeat(32)}`;

export interface DryRunModules {
  readonly trainingEngine: Engine;
  readonly scoringEngine: Engine;
  /** Called after each trained part. */
  readonly onTrained?: (trained: TrainedPart) => void;
}

/** One part's training. */
export interface TrainedPart {
  readonly part: number;
  readonly samples: number;
  readonly seconds: number;
}

/** Result of one round on this machine. Accuracies in basis points, on the holdout. */
export interface DryRunReport {
  readonly engine: Engine["name"];
  /** Why this engine was chosen, one sentence. */
  readonly engineReason: string;
  readonly before: number;
  readonly after: number;
  readonly parts: readonly (TrainedPart & { readonly score: number })[];
  /** Number of parts that were not trained. */
  readonly partsLeftOut: number;
  readonly scoringSeconds: number;
  /** Size of one update. */
  readonly updateBytes: number;
  /** Bytes that a validator fetches in a round, without the holdout. */
  readonly validatorBytes: number;
  /** Size of the data set on IPFS. */
  readonly dataBytes: number;
  readonly parameters: number;
  /** That the round gains nothing, and what to try. */
  readonly warnings: readonly string[];
}

/** A job with data for a dry run: parts for training and a holdout for scoring. */
export type DryRunJob = PreparedJob & { readonly data: JobData };

/**
 * Runs one round on this machine with the workers' code: the first `parts` parts are trained, scored and merged.
 *
 * @throws JobFileError the price list begins below the initial model's score · ENGINE_NOT_FINITE the training diverges
 * · SCORE_*
 */
export async function dryRun(
  { trainingEngine, scoringEngine, onTrained }: DryRunModules,
  prepared: DryRunJob,
  parts: number,
  signal: AbortSignal,
): Promise<DryRunReport> {
  const { data, initial, model, initialScoreBps } = prepared;
  const problems = priceListProblems(prepared.job, initialScoreBps === undefined ? undefined : initialScoreBps / BPS);
  if (problems.length > 0) throw new JobFileError("job", problems);
  const job: JobRecipe = { spec: draftSpec(prepared.job, model), layout: tensorLayout(model) };
  const learner = engineLearner(trainingEngine);
  const trained: TrainedPart[] = [];
  const updates: RevealedUpdate[] = [];
  for (let part = 0; part < Math.min(parts, data.parts.length); part++) {
    const samples = await data.part(part, signal);
    const start = performance.now();
    const delta = await learner.learn({ job, round: 1, number: part, base: initial, samples }, signal);
    const one = { part, samples: samples.count, seconds: secondsSince(start) };
    onTrained?.(one);
    trained.push(one);
    updates.push({ kind: "valid", delta });
  }

  const holdout = await data.holdout(signal);
  const start = performance.now();
  const task = { job, base: initial, updates: clipUpdates(job, updates), holdout, seed: SEED, confirming: false };
  const { scores } = await engineScorer(scoringEngine).score(task, signal);
  const scoringSeconds = secondsSince(start);
  const trust = updates.map(() => ({ numerator: 1n, denominator: BigInt(updates.length) }));
  const base = initialState(initial, job.layout, job.spec.serverOptimizer);
  const next = nextModel({ job, base, updates, consensus: scores, trust });
  const updateBytes = safetensorsSize(job.layout);
  const modelBytes = safetensorsSize(stateLayout(job.layout, job.spec.serverOptimizer));
  const accuracyOf = async (weights: Weights): Promise<number> => {
    const { correct, count } = await scoringEngine.evaluate({ model, weights, samples: holdout }, signal);
    return accuracyBps(correct, count);
  };
  const [before, after] = [await accuracyOf(initial), await accuracyOf(next.weights)];
  const leastSamples = Math.min(...trained.map(({ samples }) => samples));
  return {
    engine: trainingEngine.name,
    engineReason: trainingEngine.reason,
    ...{ before, after },
    parts: trained.map((one, index) => ({ ...one, score: scores[index] ?? 0 })),
    partsLeftOut: data.parts.length - trained.length,
    scoringSeconds,
    updateBytes,
    validatorBytes: updateBytes * trained.length + modelBytes,
    dataBytes:
      data.sampleBytes * (data.sealedSamples + data.holdoutSamples + data.parts.reduce((sum, count) => sum + count, 0)),
    parameters: initial.length,
    warnings: gainWarnings({
      ...{ before, after, leastSamples, holdoutSamples: holdout.count },
      ...{ training: job.spec.training, scaling: data.scaling, pictures: data.inputShape.length === 3 },
    }),
  };
}

function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
