import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";

import type { Samples, Weights } from "../model/tensors.ts";

export interface TrainOptions {
  readonly optimizer: "sgd" | "adam";
  readonly learningRate: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Seeds the order of the samples and dropout: the same seed on the WASM engine gives the same bytes. */
  readonly seed: number;
  /** Called after every batch with the share of the work done, 0..1. */
  readonly onProgress?: (share: number) => void;
}

export interface TrainResult {
  readonly weights: Weights;
  /** Mean cross-entropy in nats of the last epoch's batches. */
  readonly loss: number;
}

export interface Evaluation {
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  readonly correct: number;
  readonly count: number;
}

/** A model and the samples to run it on. */
export interface EngineInput {
  readonly model: ModelSpec;
  /** As many as the model has parameters, in the order of `tensorLayout`. */
  readonly weights: Weights;
  readonly samples: Samples;
}

/**
 * Trains and evaluates models. Callers check specifications and weights before.
 *
 * An engine disposes every tensor that it creates, throws `ENGINE_NOT_FINITE` when the loss is not a number, and stops
 * between batches when `signal` aborts.
 */
export interface Engine {
  readonly name: "wasm" | "tfjs-node";
  /** Library that computes, with its version, such as `TensorFlow.js 4.22.0`. */
  readonly version: string;
  /** Why this engine was chosen, one sentence for the log. */
  readonly reason: string;
  train(input: EngineInput, options: TrainOptions, signal: AbortSignal): Promise<TrainResult>;
  evaluate(input: EngineInput, signal: AbortSignal): Promise<Evaluation>;
  /**
   * Predicts the most probable class of every sample, the lower index on a tie. `evaluate` counts these predictions.
   */
  predict(input: EngineInput, signal: AbortSignal): Promise<Uint16Array>;
}
