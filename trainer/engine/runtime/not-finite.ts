import { CommonweightError } from "@commonweight/sdk/errors";

/** `ENGINE_NOT_FINITE`: a value overflowed, so the result is unusable. */
export function notFinite(what: string): CommonweightError {
  return new CommonweightError(
    "ENGINE_NOT_FINITE",
    `${what} is not a finite number.`,
    "Lower the learning rate, and check that the features are scaled to 0..1.",
  );
}
