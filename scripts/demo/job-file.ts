import { stringify } from "yaml";

import type { PresetName } from "@commonweight/sdk/spec/presets";
import type { Actor } from "./cast.ts";
import type { DemoOptions } from "./options.ts";

/** The job's reward, in whole coins. */
export const REWARD = "10";
/** A trainer's bond and a seat's lock, in whole coins. */
export const BOND = "0.1";
export const SEAT_LOCK = "1";

/** Returns the demo's job file, in the format that an initiator would write by hand. */
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
      // Nobody comes back late in the demo, so no round waits longer than its trainers need.
      minTraining: "0s",
      training: "10m",
      disclosure: "1m",
      scoring: "10m",
      reveal: "1m",
      attestation: "5m",
      settlement: "1m",
      deadline: "1d",
      serving: "0s",
    },
    rounds: options.rounds,
    committee: { size: Math.max(validators, 3), minValidators: Math.max(3, validators - 1) },
    minTrainers: trainers,
    seed: options.seed,
  };
  return `# Written by the demo; an initiator's own job file has the same format.\n${stringify(job)}`;
}

/** Minimum side of an image, in pixels, for which the demo uses the convolutional network. */
const CNN_SIDE = 20;

/** Selects the default model for a data set. */
export function modelFor(inputShape: readonly number[]): PresetName {
  const [height = 0, width = 0] = inputShape;
  return inputShape.length === 3 && Math.min(height, width) >= CNN_SIDE ? "flobc-cnn" : "2nn";
}

/** Unequal shares of the data: each is three quarters of the one before. */
function sharesOf(parts: number): number[] {
  const weights = Array.from({ length: parts }, (_, part) => 0.75 ** part);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
