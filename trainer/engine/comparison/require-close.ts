import { CommonweightError } from "@commonweight/sdk/errors";

import type { Engine } from "../port.ts";
import type { PresetComparison } from "./compare-engines.ts";

/**
 * Largest deviation after one step that differences in the order of sums explain. Measured: below 1e-5; a wrong
 * gradient is off by a tenth and more.
 */
export const DEVIATION_LIMIT = 1e-3;

/**
 * The error of the first tensor whose gradient another engine computes otherwise; `undefined` if there is none.
 *
 * `ENGINE_DEVIATES`: updates trained on it would earn less than they could.
 */
export function deviationError(
  { name }: Engine,
  comparisons: readonly PresetComparison[],
): CommonweightError | undefined {
  for (const { preset, deviation } of comparisons) {
    const worst = deviation?.tensors.find(({ afterStep }) => !(afterStep <= DEVIATION_LIMIT));
    if (worst === undefined) continue;
    return new CommonweightError(
      "ENGINE_DEVIATES",
      `the engine ${name} trains otherwise than the engine wasm: after one step of ${preset}, ${worst.tensor} is off by ` +
        `${worst.afterStep.toPrecision(2)} of its largest change; the limit is ${DEVIATION_LIMIT}`,
      "Train with `--engine wasm`; delete the folder of the other engine, and install it again.",
    );
  }
  return undefined;
}
