import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import type { Samples } from "../../../trainer/model/tensors.ts";
import type { Random } from "../../../trainer/random/seeded-random.ts";

/** Samples of uniform noise with random labels. */
export function randomSamples(model: ModelSpec, count: number, random: Random): Samples {
  const size = model.input.reduce((product, length) => product * length, 1);
  return {
    count,
    features: Float32Array.from({ length: count * size }, random),
    labels: Uint16Array.from({ length: count }, () => Math.floor(random() * model.classes)),
  };
}

/** The 1,797 bundled digits of 8 x 8, scaled to 0..1. */
export function digits(): Samples {
  const file = new URL("../../../experiments/data/digits/digits.csv.gz", import.meta.url);
  const rows = gunzipSync(readFileSync(file)).toString("utf8").trim().split("\n");
  const values = rows.map((row) => row.split(",").map(Number));
  return {
    count: values.length,
    features: Float32Array.from(values.flatMap((row) => row.slice(0, 64).map((pixel) => pixel / 16))),
    labels: Uint16Array.from(values, (row) => row[64] ?? Number.NaN),
  };
}

/** The samples `from..to - 1`. */
export function part(samples: Samples, from: number, to: number): Samples {
  const size = samples.features.length / samples.count;
  return {
    count: to - from,
    features: samples.features.slice(from * size, to * size),
    labels: samples.labels.slice(from, to),
  };
}
