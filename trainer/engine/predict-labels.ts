import { inputSize } from "./batches.ts";
import { createBreather } from "./runtime/breather.ts";
import { indexOfLargest, probabilities, withLoadedModel, type LoadedModel } from "./loaded-model.ts";
import { notFinite } from "./runtime/not-finite.ts";
import type { EngineInput } from "./port.ts";
import type { Samples } from "../model/tensors.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { sliceSize, slicesOf } from "./slices.ts";

async function predictSlices(loaded: LoadedModel, samples: Samples, signal: AbortSignal): Promise<Uint16Array> {
  const { runtime, model } = loaded;
  const size = inputSize(model);
  const labels = new Uint16Array(samples.count);
  const breathe = createBreather(signal);
  for (const [from, to] of slicesOf(0, samples.count, sliceSize(model))) {
    await breathe();
    const features = samples.features.slice(from * size, to * size);
    const predicted = runtime.run(() => probabilities(loaded, features));
    for (let row = from; row < to; row++) {
      const values = predicted.subarray((row - from) * model.classes, (row - from + 1) * model.classes);
      if (Number.isNaN(values[0])) throw notFinite("A predicted probability");
      labels[row] = indexOfLargest(values);
    }
  }
  return labels;
}

/**
 * Predicts the most probable class of every sample, the lower index on a tie: the predictions that `evaluate` counts.
 *
 * The WASM engine returns the same bits in every process.
 *
 * @throws CommonweightError `ENGINE_SAMPLES`, `ENGINE_WEIGHTS`, `ENGINE_NOT_FINITE`, `MODEL_*`; `signal.reason` on
 * abort.
 */
export async function predictLabels(runtime: Runtime, input: EngineInput, signal: AbortSignal): Promise<Uint16Array> {
  signal.throwIfAborted();
  return withLoadedModel(runtime, input, (loaded) => predictSlices(loaded, input.samples, signal));
}
