import { createHash } from "node:crypto";

import { initialWeights } from "../../model/model-layout.ts";
import type { Engine, EngineInput } from "../port.ts";
import type { ProbeCase } from "./cases.ts";
import { learnableSamples } from "./learnable-samples.ts";

/** SHA-256 of what one case computes, in hexadecimal. */
export interface CaseDigests {
  /** Trained weights, float32 in little-endian order. */
  readonly weights: string;
  /** Losses of the initial model, of training and of the trained model, in whole nano-nats as decimal text. */
  readonly losses: string;
  /** Numbers of right predictions before and after training, then the predicted classes, as decimal text. */
  readonly predictions: string;
}

const NANO = 1e9;

/**
 * Computes one case: evaluates the initial model, trains it, evaluates it again and predicts.
 *
 * @throws what the engine throws; `signal.reason` on abort
 */
export async function caseDigests(engine: Engine, probeCase: ProbeCase, signal: AbortSignal): Promise<CaseDigests> {
  const { model, count, training } = probeCase;
  const input: EngineInput = { model, weights: initialWeights(model), samples: learnableSamples(model, count) };
  const before = await engine.evaluate(input, signal);
  const { weights, loss } = await engine.train(input, { ...training, seed: model.seed }, signal);
  const trained: EngineInput = { ...input, weights };
  const after = await engine.evaluate(trained, signal);
  const predictions = await engine.predict(trained, signal);
  return {
    weights: sha256(littleEndian(weights)),
    losses: sha256([before.loss, loss, after.loss].map((nats) => Math.round(nats * NANO)).join()),
    predictions: sha256([before.correct, after.correct, ...predictions].join()),
  };
}

function littleEndian(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  for (const [i, value] of values.entries()) view.setFloat32(4 * i, value, true);
  return new Uint8Array(view.buffer);
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
