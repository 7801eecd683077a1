import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import type { Samples, Weights } from "../../../trainer/model/tensors.ts";
import { openWasmBackend, openWasmEngine } from "../../../trainer/engine/wasm.ts";
import { exportLayersModel, type LayersModelFiles } from "../../../trainer/model/export-layers-model.ts";
import { initialWeights } from "../../../trainer/model/model-layout.ts";
import { PRESETS } from "@commonweight/sdk/spec/presets";
import { seededRandom } from "../../../trainer/random/seeded-random.ts";
import { never } from "../engine/engine-contract.ts";
import { everyLayer } from "../engine/models.ts";
import { randomModel } from "../engine/random-model.ts";
import { randomSamples } from "../engine/samples.ts";

/** Serves the two files over HTTP. */
async function servedFiles(files: LayersModelFiles): Promise<Server> {
  const byPath = new Map(Object.entries(files).map(([name, bytes]) => [`/${name}`, bytes]));
  const server = createServer((request, response) => {
    const bytes = byPath.get(request.url ?? "");
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Mean cross-entropy and number of right predictions by unmodified TensorFlow.js from the exported files. */
async function stockEvaluation(files: LayersModelFiles, model: ModelSpec, samples: Samples): Promise<[number, number]> {
  const tf = await openWasmBackend();
  await import("@tensorflow/tfjs-backend-cpu");
  const { loadLayersModel } = await import("@tensorflow/tfjs-layers");
  await tf.setBackend("cpu");
  const server = await servedFiles(files);
  const { port } = server.address() as AddressInfo;
  const loaded = await loadLayersModel(`http://127.0.0.1:${port}/model.json`).finally(() => server.close());

  const input = tf.tensor(samples.features, [samples.count, ...model.input]);
  const output = loaded.predict(input) as Tensor;
  const rows = (await output.array()) as number[][];
  tf.dispose([input, output]);
  loaded.dispose();
  const labels = [...samples.labels];
  const losses = labels.map((label, row) => -Math.log(rows[row]?.[label] ?? Number.NaN));
  const right = labels.filter((label, row) => rows[row]?.indexOf(Math.max(...(rows[row] ?? []))) === label);
  return [losses.reduce((sum, loss) => sum + loss, 0) / samples.count, right.length];
}

describe("layers model for TensorFlow.js", () => {
  const random = seededRandom(21);
  const models: Record<string, ModelSpec> = {
    "every layer": everyLayer,
    "features without a picture": PRESETS["2nn"]([20], 4),
    "FLoBC's network": PRESETS["flobc-cnn"]([12, 10, 2], 5),
    "a random model": randomModel(random),
    "another random model": randomModel(random),
  };
  for (const [name, model] of Object.entries(models)) {
    it(`predicts in stock TensorFlow.js what our engine predicts: ${name}`, async function () {
      this.timeout(10_000);
      const weights: Weights = initialWeights(model).map((value) => value + 0.2 * (random() - 0.5));
      const samples = randomSamples(model, 30, random);
      const ours = await (await openWasmEngine()).evaluate({ model, weights, samples }, never);
      const [loss, correct] = await stockEvaluation(exportLayersModel(model, weights), model, samples);
      expect(loss).to.be.closeTo(ours.loss, 1e-5);
      expect(correct).to.equal(ours.correct);
    });
  }
});
