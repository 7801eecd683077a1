import { CommonweightError } from "@commonweight/sdk/errors";
import type { Engine, EngineInput, Evaluation, TrainResult } from "../../trainer/engine/port.ts";
import type { Weights } from "../../trainer/model/tensors.ts";

/** An engine whose loss is a formula of the weights, so that tests can predict every score. Accuracy is 1 - loss. */
export class FormulaEngine implements Engine {
  readonly name = "wasm";
  readonly version = "formula";
  readonly reason = "a formula";
  evaluations = 0;
  readonly #loss: (weights: Weights) => number;

  constructor(loss: (weights: Weights) => number) {
    this.#loss = loss;
  }

  evaluate({ weights, samples }: EngineInput, signal: AbortSignal): Promise<Evaluation> {
    signal.throwIfAborted();
    this.evaluations++;
    const loss = this.#loss(weights);
    if (!Number.isFinite(loss)) return Promise.reject(new CommonweightError("ENGINE_NOT_FINITE", "loss", "none"));
    const correct = Math.max(0, Math.min(samples.count, Math.round((1 - loss) * samples.count)));
    return Promise.resolve({ loss, correct, count: samples.count });
  }

  predict(): Promise<Uint16Array> {
    return Promise.reject(new Error("a formula does not predict"));
  }

  train(): Promise<TrainResult> {
    return Promise.reject(new Error("a formula does not train"));
  }
}
