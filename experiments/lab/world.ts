import { fileURLToPath } from "node:url";

import { contentIdOf } from "@commonweight/sdk/protocol/content-id";
import { jobSpec, type JobSpec } from "@commonweight/sdk/spec/job-spec";
import type { Samples, Weights } from "../../trainer/model/tensors.ts";
import { loadDataSetFolder } from "../../trainer/data/folders/data-set-folder.ts";
import { initialWeights } from "../../trainer/model/model-layout.ts";
import { partition, type PartitionRule } from "../../trainer/data/partition.ts";
import { PRESETS } from "@commonweight/sdk/spec/presets";
import { selectSamples, splitHoldout } from "../../trainer/data/split.ts";
import { averagePooled } from "./average-pooled.ts";

/** `digits`: 1,797 images of 8 x 8. `mnist`: 10,000 images pooled to 7 x 7, for many private holdouts. */
export type DataName = "digits" | "mnist";

/** Share of the data set for the holdout, and share of the rest for the experiment's own test set. */
const HOLDOUT_SHARE = 0.2;
const TEST_SHARE = 0.25;
/** Maximum number of training samples; the others are for private holdouts. */
const MOST_TRAINING_SAMPLES = 1_500;
/** A job file's defaults, except for the learning rate: this model converges slowly with the default 0.1. */
export const TRAINING = { learningRate: 0.5, epochs: 1, batchSize: 32 } as const;

/** Samples and initial weights of one run; both depend on the seed. */
export interface World {
  readonly parts: readonly Samples[];
  /** Samples that the committee scores on. */
  readonly holdout: Samples;
  /** Test samples that no participant has. */
  readonly test: Samples;
  /** Samples for private holdouts. */
  readonly spare: Samples;
  readonly initial: Weights;
  readonly classes: number;
  readonly features: number;
}

interface Data {
  readonly samples: Samples;
  readonly classes: number;
  readonly features: number;
}

const loaded = new Map<DataName, Promise<Data>>();

/** Divides a data set into `parts` training parts, a holdout, a test set and spare samples. */
export async function dealWorld(parts: number, rule: PartitionRule, seed: number, data: DataName): Promise<World> {
  const { samples, classes, features } = await load(data);
  const name = `incentives/${seed}`;
  const { train: rest, holdout } = splitHoldout(samples.count, HOLDOUT_SHARE, name);
  const { train, holdout: test } = splitHoldout(rest.length, TEST_SHARE, `${name}/test`);
  const select = (places: Uint32Array) =>
    selectSamples(
      samples,
      places.map((place) => rest[place]!),
    );
  const own = select(train.subarray(0, MOST_TRAINING_SAMPLES));
  return {
    parts: partition(own.labels, parts, rule, name).map((part) => selectSamples(own, part)),
    holdout: selectSamples(samples, holdout),
    test: select(test),
    spare: select(train.subarray(MOST_TRAINING_SAMPLES)),
    initial: initialWeights({ ...PRESETS.linear([features], classes), seed }),
    ...{ classes, features },
  };
}

/** Loads a data set, once per process. */
function load(name: DataName): Promise<Data> {
  const known = loaded.get(name) ?? read(name);
  loaded.set(name, known);
  return known;
}

async function read(name: DataName): Promise<Data> {
  const folder = fileURLToPath(new URL(`../data/${name === "digits" ? "digits" : "mnist10k"}`, import.meta.url));
  const { samples, classes } = await loadDataSetFolder(folder, { scaling: "divisor" });
  if (name === "digits") return { samples, classes, features: 64 };
  return { samples: averagePooled(samples, 28, 4), classes, features: 49 };
}

/** Fields of the specification that a scenario may set. */
export type SpecChoice = Partial<Pick<JobSpec, "aggregation" | "update">> & {
  readonly rule?: JobSpec["scoring"]["rule"];
  /** Maximum evaluations of the holdout per seat and round; default 500, as in a job file. */
  readonly maxEvaluations?: number;
};

/** A run's job specification: a job file's defaults with the scenario's choices. */
export function specOf(
  { aggregation, update, rule, maxEvaluations = 500 }: SpecChoice,
  own: boolean,
  features: number,
): JobSpec {
  return jobSpec.parse({
    version: 1,
    name: "incentives",
    model: PRESETS.linear([features], 10),
    initialModel: contentIdOf(`0x${"00".repeat(32)}`),
    data: { kind: "own" },
    holdout: { kind: own ? "own" : "public" },
    training: { optimizer: "sgd", ...TRAINING },
    scoring: { rule: rule ?? "contribution", maxEvaluations },
    aggregation: aggregation ?? { rule: "fedavg" },
    serverOptimizer: { kind: "none" },
    update: update ?? { clip: "median-norm", maxStaleness: 0 },
    servingSeconds: 0,
    invited: [],
  });
}
