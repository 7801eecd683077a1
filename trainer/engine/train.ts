import { seededRandom, shuffledIndices } from "../random/seeded-random.ts";
import { createBreather } from "./runtime/breather.ts";
import { notFinite } from "./runtime/not-finite.ts";
import type { EngineInput, TrainOptions, TrainResult } from "./port.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { slicesOf } from "./slices.ts";
import { trainBatch } from "./train-batch.ts";
import { closeSession, openSession, type TrainingSession } from "./training-session.ts";
import { weightVector } from "./weight-tensors.ts";

/** Stream of the training seed for the order of the samples; dropout uses another one. */
const ORDER_STREAM = 1;

/** Returns the mean loss of the last epoch's batches. */
async function trainEpochs(session: TrainingSession, options: TrainOptions, signal: AbortSignal): Promise<number> {
  const { count } = session.samples;
  const { epochs, batchSize } = options;
  const random = seededRandom(options.seed, ORDER_STREAM);
  const breathe = createBreather(signal);
  let epochLoss = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffledIndices(count, random);
    epochLoss = 0;
    for (const [from, to] of slicesOf(0, count, batchSize)) {
      const loss = await trainBatch(session, { order, from, to }, epoch === 0 && from === 0, breathe);
      epochLoss += loss * (to - from);
      options.onProgress?.((epoch * count + to) / (epochs * count));
    }
  }
  return epochLoss / count;
}

/**
 * Trains a model from the given weights, by stochastic gradient descent or Adam (Kingma & Ba 2015, the paper's
 * constants).
 *
 * Sample order and dropout depend only on `options.seed`. The optimizer starts without state. Every epoch visits each
 * sample once; its last batch may be smaller.
 *
 * @throws CommonweightError `ENGINE_SAMPLES`, `ENGINE_WEIGHTS`, `ENGINE_NOT_FINITE`, `MODEL_*`; `signal.reason` on
 * abort.
 */
export async function train(
  runtime: Runtime,
  input: EngineInput,
  options: TrainOptions,
  signal: AbortSignal,
): Promise<TrainResult> {
  signal.throwIfAborted();
  const session = openSession(runtime, input, options);
  try {
    const loss = await trainEpochs(session, options, signal);
    signal.throwIfAborted();
    const trained = runtime.run(() => weightVector(session.variables));
    if (!trained.every(Number.isFinite)) throw notFinite("A trained weight");
    return { weights: trained, loss };
  } finally {
    closeSession(session);
  }
}
