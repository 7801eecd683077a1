import { expect } from "chai";

import { contentIdOf } from "@commonweight/sdk/protocol/content-id";
import { CommonweightError } from "@commonweight/sdk/errors";
import { MAX_SPEC_BYTES, parseJobSpec, serialiseJobSpec, type JobSpec } from "@commonweight/sdk/spec/job-spec";

const id = contentIdOf(`0x${"11".repeat(32)}`);
const spec: JobSpec = {
  version: 1,
  name: "Digits – für alle",
  model: { input: [64], classes: 10, layers: [{ type: "dense", units: 10, activation: "softmax" }], seed: 0 },
  initialModel: id,
  data: { kind: "manifest", manifest: id },
  holdout: { kind: "public" },
  training: { optimizer: "sgd", learningRate: 0.1, epochs: 1, batchSize: 32 },
  scoring: { rule: "contribution", maxEvaluations: 500 },
  aggregation: { rule: "fedavg" },
  serverOptimizer: { kind: "none" },
  update: { clip: "median-norm", maxStaleness: 0 },
  servingSeconds: 604_800,
  invited: [],
};
const text = new TextDecoder().decode(serialiseJobSpec(spec));

function codeOf(input: string | Uint8Array): string | undefined {
  try {
    parseJobSpec(typeof input === "string" ? new TextEncoder().encode(input) : input);
  } catch (error) {
    if (error instanceof CommonweightError) return error.code;
    throw error;
  }
  return undefined;
}

describe("parseJobSpec", () => {
  const hostile: Record<string, string | Uint8Array> = {
    nothing: "",
    "bytes that are not UTF-8": new Uint8Array([0x22, 0xff, 0x22]),
    "a byte order mark": `\ufeff${text}`,
    "deep nesting": "[".repeat(30_000) + "]".repeat(30_000),
    "brackets without an end": "[".repeat(60_000),
    "a duplicate key": text.replace('"version":1', '"version":1,"version":1'),
    "a duplicate key written otherwise": text.replace('"version":1', '"version":2,"versio\\u006e":1'),
    "a prototype": text.replace('"version":1', '"__proto__":{"version":2},"version":1'),
    "a nested prototype": text.replace('"kind":"public"', '"__proto__":{},"kind":"public"'),
    "an unknown key": text.replace('"version":1', '"version":1,"x":1'),
    "an unknown version": text.replace('"version":1', '"version":2'),
    "white space": ` ${text}`,
    "other spelling of a number": text.replace("0.1", "1e-1"),
    "a left out default": text.replace(',"activation":"softmax"', "").replace('"activation":"softmax",', ""),
    "a number that is not finite": text.replace("0.1", "1e999"),
    "half of a surrogate pair": text.replace("Digits", "\\ud800"),
    "another form of content id": text.replaceAll(id, "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"),
    "a path for a content id": text.replaceAll(id, `${id}/../x`),
    "a layer of its own": text.replace('"type":"dense"', '"type":"lambda"'),
    "too many layers": JSON.stringify({
      ...spec,
      model: { ...spec.model, layers: Array(33).fill(spec.model.layers[0]) },
    }),
  };
  for (const [name, input] of Object.entries(hostile)) {
    it(`refuses ${name}`, () => expect(codeOf(input)).to.equal("SPEC_INVALID"));
  }
  it("refuses one byte too many before it parses", () => {
    expect(codeOf(new Uint8Array(MAX_SPEC_BYTES + 1))).to.equal("SPEC_TOO_LARGE");
    expect(codeOf(new Uint8Array(MAX_SPEC_BYTES))).to.equal("SPEC_INVALID");
  });
  it("leaves no mark on the prototype", () => expect(Object.prototype).not.to.have.property("version"));
  it("reads what serialiseJobSpec wrote, and the same data gives the same bytes", () => {
    expect(parseJobSpec(serialiseJobSpec(spec))).to.deep.equal(spec);
    const turned = Object.fromEntries(Object.entries(spec).toReversed()) as JobSpec;
    expect(serialiseJobSpec(turned)).to.deep.equal(serialiseJobSpec(spec));
  });
});
