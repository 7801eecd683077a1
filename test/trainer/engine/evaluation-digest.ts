/**
 * Evaluates trained models and prints their losses as bits. Run in its own process; the output must be the same on all
 * machines.
 */
import { openWasmEngine } from "../../../trainer/engine/wasm.ts";
import { initialWeights } from "../../../trainer/model/model-layout.ts";
import { PRESETS } from "@commonweight/sdk/spec/presets";
import { everyLayer } from "./models.ts";
import { digits } from "./samples.ts";

const engine = await openWasmEngine();
const { signal } = new AbortController();
const options = { optimizer: "adam", learningRate: 0.01, epochs: 1, batchSize: 32, seed: 1 } as const;
for (const model of [everyLayer, PRESETS["flobc-cnn"]([8, 8, 1], 10)]) {
  const { weights } = await engine.train({ model, weights: initialWeights(model), samples: digits() }, options, signal);
  const { loss, correct } = await engine.evaluate({ model, weights, samples: digits() }, signal);
  process.stdout.write(`${Buffer.from(Float64Array.of(loss).buffer).toString("hex")} ${correct}\n`);
}
