import { createHash } from "node:crypto";

import { initialWeights } from "../../model/model-layout.ts";
import type { Samples } from "../../model/tensors.ts";
import { seededRandom } from "../../random/seeded-random.ts";
import { inputSize } from "../batches.ts";
import type { Engine, EngineInput } from "../port.ts";
import { PROBE_CASES, type ProbeCase } from "./cases.ts";
import { PROBE_DIGESTS } from "./digests.ts";

/** SHA-256 of what one case computes, in hexadecimal. */
export interface CaseDigests {
  /** Trained weights, float32 in little-endian order. */
  readonly weights: string;
  /** Losses of the initial model, of training and of the trained model, in whole nano-nats as decimal text. */
  readonly losses: string;
  /** Predicted and rightly predicted classes of the trained model, as decimal text. */
  readonly predictions: string;
}

/** Digests by the case's name. */
export type ProbeDigests = Readonly<Record<string, CaseDigests>>;

/** What a case computed otherwise than the digests that it is compared with. */
export interface Difference {
  readonly value: keyof CaseDigests;
  readonly expected: string;
  readonly actual: string;
}

/** Outcome of one case. */
export interface CaseResult {
  readonly name: string;
  readonly milliseconds: number;
  /** The first value that differs. */
  readonly difference: Difference | undefined;
}

/** Outcome of the probe; of a machine that computes otherwise, the first case that differs. */
export type ProbeResult =
  | { readonly kind: "ok" }
  | { readonly kind: "differs"; readonly name: string; readonly difference: Difference };

/** Random stream of a model's seed for the samples; `initialWeights` uses another. */
const SAMPLES_STREAM = 1;
const NANO = 1e9;
const VALUES = ["weights", "losses", "predictions"] as const;

/**
 * Computes all cases on an engine and compares them with the committed digests, in about a second.
 *
 * Only the WASM engine is expected to match. Stops at the first case that differs.
 *
 * @throws what the engine throws; `signal.reason` on abort
 */
export async function runProbe(engine: Engine, signal: AbortSignal): Promise<ProbeResult> {
  for await (const { name, difference } of probeCases(engine, signal)) {
    if (difference !== undefined) return { kind: "differs", name, difference };
  }
  return { kind: "ok" };
}

/**
 * Computes one case after the other and compares each with its digests.
 *
 * @throws like {@link runProbe}
 */
export async function* probeCases(
  engine: Engine,
  signal: AbortSignal,
  digests: ProbeDigests = PROBE_DIGESTS,
): AsyncGenerator<CaseResult> {
  for (const probeCase of PROBE_CASES) {
    const start = performance.now();
    const actual = await digestsOf(engine, probeCase, signal);
    const milliseconds = performance.now() - start;
    yield { name: probeCase.name, milliseconds, difference: firstDifference(digests[probeCase.name], actual) };
  }
}

/**
 * Computes one case.
 *
 * @throws like {@link runProbe}
 */
export async function digestsOf(engine: Engine, probeCase: ProbeCase, signal: AbortSignal): Promise<CaseDigests> {
  const { model, training } = probeCase;
  const input: EngineInput = { model, weights: initialWeights(model), samples: samplesOf(probeCase) };
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

/** Samples whose label is that of the largest of their first values: something that can be learned. */
function samplesOf({ model, count }: ProbeCase): Samples {
  const random = seededRandom(model.seed, SAMPLES_STREAM);
  const size = inputSize(model);
  const features = Float32Array.from({ length: count * size }, random);
  const labels = Uint16Array.from({ length: count }, (_, row) => {
    const values = features.subarray(row * size, row * size + model.classes);
    return values.indexOf(Math.max(...values));
  });
  return { count, features, labels };
}

function littleEndian(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  for (const [i, value] of values.entries()) view.setFloat32(4 * i, value, true);
  return new Uint8Array(view.buffer);
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function firstDifference(expected: CaseDigests | undefined, actual: CaseDigests): Difference | undefined {
  const value = VALUES.find((name) => expected?.[name] !== actual[name]);
  return value && { value, expected: expected?.[value] ?? "none", actual: actual[value] };
}
