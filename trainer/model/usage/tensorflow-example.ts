import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { sampleLine, type Example } from "./example.ts";

/** Packages that the example imports. */
export const TENSORFLOW_PACKAGES = "@tensorflow/tfjs-core @tensorflow/tfjs-layers @tensorflow/tfjs-backend-cpu";

/** JavaScript that predicts one sample from `model.json` and `weights.bin`, with TensorFlow.js. */
export function tensorflowExample(model: ModelSpec, { scaling, sampleSize }: Example): string {
  const scaled = {
    divisor: () => `value / ${scaling?.kind === "divisor" ? scaling.divisor : 1}`,
    columns: () => "(value - about.scaling.means[i]) / about.scaling.scales[i]",
  }[scaling?.kind ?? "divisor"]();
  const argument = scaling?.kind === "columns" ? "(value, i)" : "(value)";
  return [
    'import { readFile } from "node:fs/promises";',
    'import { io, tensor } from "@tensorflow/tfjs-core";',
    'import { loadLayersModel } from "@tensorflow/tfjs-layers";',
    'import "@tensorflow/tfjs-backend-cpu";',
    'const { modelTopology, weightsManifest, userDefinedMetadata: about } = JSON.parse(await readFile("model.json"));',
    'const files = { modelTopology, weightSpecs: weightsManifest[0].weights, weightData: await readFile("weights.bin") };',
    "const model = await loadLayersModel(io.fromMemory({ ...files, weightData: new Uint8Array(files.weightData).buffer }));",
    `const raw = Array.from({ length: ${sampleSize} }, (_, i) => i % 10); // ${sampleLine(scaling)}`,
    `const x = tensor(raw.map(${argument} => ${scaled}), [1, ${model.input.join(", ")}]);`,
    "const [row] = await model.predict(x).array();",
    "console.log(JSON.stringify(Object.fromEntries(row.map((p, i) => [about.classNames?.[i] ?? i, p]))));",
  ].join("\n");
}
