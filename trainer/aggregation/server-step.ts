import type { ServerOptimizerSpec } from "@commonweight/sdk/spec/aggregation-spec";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { Weights } from "../model/tensors.ts";
import type { ModelState } from "../model/model-state.ts";
import { adam } from "./optimizers/adam.ts";
import { momentum } from "./optimizers/momentum.ts";
import { nesterov } from "./optimizers/nesterov.ts";
import { yogi } from "./optimizers/yogi.ts";
import { stepped } from "./vectors/stepped.ts";

/**
 * Moves the model along the aggregated direction with the job's server optimizer.
 *
 * The direction is the negative of the literature's pseudo-gradient, so steps are added. All arithmetic is float64 with
 * only `+ - x /` and `sqrt`; weights and state are each rounded to float32 once.
 *
 * @param direction as `directionOf` returns it, of the weights' length
 * @throws AGGREGATE_LENGTH · AGGREGATE_NOT_FINITE weights or state do not fit float32
 */
export function serverStep(model: ModelState, direction: Float64Array, optimizer: ServerOptimizerSpec): ModelState {
  if (direction.length !== model.weights.length) {
    const message = `a direction of ${direction.length} values for ${model.weights.length} weights`;
    throw new CommonweightError("AGGREGATE_LENGTH", message, "Aggregate updates of the job's model.");
  }
  const next = moved(model, direction, optimizer);
  if (isFinite(next.weights) && isFinite(next.optimizer)) return next;
  throw new CommonweightError("AGGREGATE_NOT_FINITE", "the step does not fit float32", "Clip the updates.");
}

function moved(model: ModelState, direction: Float64Array, optimizer: ServerOptimizerSpec): ModelState {
  switch (optimizer.kind) {
    case "none":
      return { weights: stepped(model.weights, direction), optimizer: model.optimizer };
    case "momentum":
      return momentum(model, direction, optimizer);
    case "nesterov":
      return nesterov(model, direction, optimizer);
    case "adam":
      return adam(model, direction, optimizer);
    case "yogi":
      return yogi(model, direction, optimizer);
  }
}

function isFinite(values: Weights): boolean {
  // Any number minus itself is 0; Infinity and NaN give NaN.
  let faults = 0;
  for (let at = 0; at < values.length; at++) faults += values[at]! - values[at]!;
  return faults === 0;
}
