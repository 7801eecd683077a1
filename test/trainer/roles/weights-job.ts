import { contentIdOf } from "@commonweight/sdk/protocol/content-id";
import { jobSpec, type JobSpec } from "@commonweight/sdk/spec/job-spec";
import { tensorLayout, type TensorLayout } from "../../../trainer/model/model-layout.ts";

/** The parts of a job that weight files depend on; the model is one dense layer with four weights. */
export interface WeightsJob {
  readonly spec: JobSpec;
  readonly layout: readonly TensorLayout[];
}

const id = contentIdOf(`0x${"11".repeat(32)}`);

export function weightsJob(changes: Partial<Record<keyof JobSpec, unknown>> = {}): WeightsJob {
  const spec = jobSpec.parse({
    version: 1,
    name: "weights",
    model: { input: [1], classes: 2, layers: [{ type: "dense", units: 2, activation: "softmax" }], seed: 0 },
    initialModel: id,
    data: { kind: "own" },
    holdout: { kind: "public" },
    training: {},
    scoring: { rule: "contribution", maxEvaluations: 10 },
    aggregation: { rule: "fedavg" },
    serverOptimizer: { kind: "none" },
    update: {},
    servingSeconds: 0,
    invited: [],
    ...changes,
  });
  return { spec, layout: tensorLayout(spec.model) };
}
