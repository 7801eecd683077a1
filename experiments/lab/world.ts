import { fileURLToPath } from "node:url";

import { contentIdOf } from "@commonweight/sdk/protocol/content-id";
import { jobSpec, type JobSpec } from "@commonweight/sdk/spec/job-spec";
import type { Samples, Weights } from "../../trainer/model/tensors.ts";
import { loadDataSetFolder } from "../../trainer/data/data-set-folder.ts";
import { initialWeights } from "../../trainer/model/model-layout.ts";
import { partition, type PartitionRule } from "../../trainer/data/partition.ts";
import { PRESETS } from "@commonweight/sdk/spec/presets";
import { selectSamples, splitHoldout } from "../../trainer/data/split.ts";
import { averagePooled } from "./average-pooled.ts";

/** `digits`: 1,797 of 8 x 8. `mnist`: 10,000, averaged to 7 x 7, where many private holdouts are needed. */
export type DataName = "digits" | "mnist";

/** Shares of the data set: what validators score on, and what only this experiment measures accuracy on. */
const HOLDOUT_SHARE = 0.2;
const TEST_SHARE = 0.25;
/** Samples that trainers share, at most; the others are validators' own. */
const MOST_TRAINING_SAMPLES = 1_500;
/** How trainers train: of a job file's defaults only the step is another, for this model converges slowly with 0.1. */
export const TRAINING = { learningRate: 0.5, epochs: 1, batchSize: 32 } as const;

/** The samples of one seeded run: another seed, another deal and other initial weights. */
export interface World {
  readonly parts: readonly Samples[];
  /** What the committee scores on. */
  readonly holdout: Samples;
  /** What nobody in the job sees. */
  readonly test: Samples;
  /** What is left for private holdouts. */
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

/** Deals a data set out into `parts`. */
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

/** Reads a data set once. */
function load(name: DataName): Promise<Data> {
  const known = loaded.get(name) ?? read(name);
  loaded.set(name, known);
  return known;
}

async function read(name: DataName): Promise<Data> {
  const folder = fileURLToPath(new URL(`../data/${name === "digits" ? "digits" : "mnist10k"}`, import.meta.url));
  const { samples, classes } = await loadDataSetFolder(folder);
  if (name === "digits") return { samples, classes, features: 64 };
  return { samples: averagePooled(samples, 28, 4), classes, features: 49 };
}

/** What of a specification a scenario may choose. */
export type SpecChoice = Partial<Pick<JobSpec, "aggregation" | "update">> & {
  readonly rule?: JobSpec["scoring"]["rule"];
  /** Evaluations of the holdout that a seat spends on a round; a job file's default where left out. */
  readonly maxEvaluations?: number;
};

/**
 * The specification that trainers and validators of a run go by: the defaults of a job file, but for what is chosen.
 */
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
    invited: [],
  });
}
