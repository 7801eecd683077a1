import Table from "cli-table3";
import { CommonweightError } from "@commonweight/sdk/errors";
import { openEngine } from "../../trainer/engine/open-engine.ts";
import type { Engine, TrainOptions } from "../../trainer/engine/port.ts";
import type { Samples } from "../../trainer/model/tensors.ts";
import { initialWeights } from "../../trainer/model/model-layout.ts";
import { PRESETS, type PresetName } from "@commonweight/sdk/spec/presets";

/** Speed of one engine on one preset with 28 x 28 images, in samples per second. */
export interface EngineBenchRow {
  readonly engine: Engine["name"];
  readonly preset: PresetName;
  readonly result: "NOT RUN" | { readonly training: number; readonly prediction: number };
  /** Target for training with the embedded engine on one core; `undefined` without a target. */
  readonly trainingTarget: number | undefined;
  /** Why the engine was not run. */
  readonly why?: string;
}

const PRESET_NAMES: readonly PresetName[] = ["linear", "2nn", "flobc-cnn"];
const TRAINING_TARGETS: Partial<Record<PresetName, number>> = { "2nn": 900, "flobc-cnn": 80 };
const SAMPLES = 2_048;
const OPTIONS: TrainOptions = { optimizer: "sgd", learningRate: 0.01, epochs: 1, batchSize: 32, seed: 1 };

/** Images with a fixed pattern; speed does not depend on their content. */
function patternSamples(count: number): Samples {
  return {
    count,
    features: Float32Array.from({ length: count * 784 }, (_, i) => ((i * 7_919) % 1_000) / 1_000),
    labels: Uint16Array.from({ length: count }, (_, i) => i % 10),
  };
}

/** Runs `work` once to warm up and once to measure. */
async function samplesPerSecond(samples: Samples, work: (samples: Samples) => Promise<unknown>): Promise<number> {
  await work(patternSamples(256));
  const start = performance.now();
  await work(samples);
  return (1_000 * samples.count) / (performance.now() - start);
}

async function measure(engine: Engine, preset: PresetName): Promise<EngineBenchRow> {
  const { signal } = new AbortController();
  const model = PRESETS[preset]([28, 28, 1], 10);
  const weights = initialWeights(model);
  const samples = patternSamples(SAMPLES);
  const training = await samplesPerSecond(samples, (part) =>
    engine.train({ model, weights, samples: part }, OPTIONS, signal),
  );
  const prediction = await samplesPerSecond(samples, (part) =>
    engine.evaluate({ model, weights, samples: part }, signal),
  );
  return { engine: engine.name, preset, result: { training, prediction }, trainingTarget: TRAINING_TARGETS[preset] };
}

async function benchOne(name: Engine["name"]): Promise<EngineBenchRow[]> {
  try {
    const engine = await openEngine(name);
    const rows: EngineBenchRow[] = [];
    for (const preset of PRESET_NAMES) rows.push(await measure(engine, preset));
    return rows;
  } catch (error) {
    if (!(error instanceof CommonweightError) || error.code !== "ENGINE_UNAVAILABLE") throw error;
    const why = error.message;
    return PRESET_NAMES.map((preset) => ({ engine: name, preset, result: "NOT RUN", trainingTarget: undefined, why }));
  }
}

/**
 * Measures training and prediction of every engine on the three presets, with batch size 32 and plain SGD.
 *
 * An engine that does not load gives rows with `NOT RUN` and the reason.
 */
export async function benchEngine(): Promise<readonly EngineBenchRow[]> {
  return [...(await benchOne("wasm")), ...(await benchOne("tfjs-node"))];
}

function formatRow({ engine, preset, result, trainingTarget, why }: EngineBenchRow): string[] {
  if (result === "NOT RUN") return [engine, preset, `NOT RUN: ${why ?? ""}`, "", "", ""];
  const verdict = trainingTarget === undefined ? "" : result.training >= trainingTarget ? "met" : "MISSED";
  const target = trainingTarget === undefined ? "" : `>= ${trainingTarget}`;
  return [engine, preset, result.training.toFixed(0), target, verdict, result.prediction.toFixed(0)];
}

if (import.meta.filename === process.argv[1]) {
  const table = new Table({
    head: ["engine", "preset", "training/s", "target", "", "prediction/s"],
    style: { head: [], border: [] },
  });
  table.push(...(await benchEngine()).map(formatRow));
  process.stdout.write(`${table.toString()}\n`);
}
