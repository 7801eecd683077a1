import { CommonweightError } from "@commonweight/sdk/errors";

/** The network is used after it was closed. */
export function networkClosed(): CommonweightError {
  return new CommonweightError(
    "NETWORK_CLOSED",
    "the network is closed",
    "The worker is shutting down; start it again.",
  );
}
