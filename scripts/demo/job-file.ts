import { stringify } from "yaml";

import type { PresetName } from "@commonweight/sdk/spec/presets";
import type { Actor } from "./cast.ts";
import type { DemoOptions } from "./options.ts";

/** What the demo's initiator pays, in whole coins. */
export const REWARD = "10";
/** What a trainer and a seat put up, in whole coins. */
export const BOND = "0.1";
export const SEAT_LOCK = "1";

/** Writes the demo's job: the same file that an initiator would write by hand. */
export function demoJobFile(options: DemoOptions, model: PresetName, cast: readonly Actor[]): string {
  const trainers = cast.filter(({ role }) => role === "trainer").length;
  const validators = cast.filter(({ role }) => role === "validator").length;
  const job = {
    name: "Demo",
    model,
    data: {
      folder: options.dataset,
      partition: { kind: "iid", parts: trainers, shares: sharesOf(trainers), seed: options.seed },
      holdout: { kind: options.holdout, share: 0.2 },
    },
    training: { optimizer: "adam", learningRate: 0.001, epochs: 4, batchSize: 32 },
    scoring: { rule: "contribution", maxEvaluations: 31 },
    money: { token: "native", reward: REWARD, bond: BOND, seatLock: SEAT_LOCK },
    times: {
      training: "10m",
      disclosure: "1m",
      scoring: "10m",
      reveal: "1m",
      attestation: "5m",
      settlement: "1m",
      deadline: "1d",
    },
    rounds: options.rounds,
    committee: { size: Math.max(validators, 3), minValidators: Math.max(3, validators - 1) },
    minTrainers: trainers,
    seed: options.seed,
  };
  return `# The demo's job, written by it; an initiator's own job file looks the same.\n${stringify(job)}`;
}

/** Smallest side of a picture for which the convolutional network is worth its time. */
const CNN_SIDE = 20;

/** Names the model that suits a data set's samples. */
export function modelFor(inputShape: readonly number[]): PresetName {
  const [height = 0, width = 0] = inputShape;
  return inputShape.length === 3 && Math.min(height, width) >= CNN_SIDE ? "flobc-cnn" : "2nn";
}

/** Unequal shares of the data, falling by a quarter from part to part. */
function sharesOf(parts: number): number[] {
  const weights = Array.from({ length: parts }, (_, part) => 0.75 ** part);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
