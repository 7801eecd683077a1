import { CommonweightError } from "@commonweight/sdk/errors";
import type { Engine } from "../port.ts";
import { runProbe, type Difference } from "./run-probe.ts";

/**
 * Runs the probe before a worker takes part in a job.
 *
 * @throws CommonweightError `ENGINE_DIFFERS`; like {@link runProbe}
 */
export async function requireProbe(engine: Engine, signal: AbortSignal): Promise<void> {
  const result = await runProbe(engine, signal);
  if (result.kind === "differs") throw engineDiffers(engine, result.name, result.difference);
}

/** `ENGINE_DIFFERS`: other validators would compute other losses, and thus another fingerprint. */
export function engineDiffers({ version }: Engine, name: string, difference: Difference): CommonweightError {
  const { value, expected, actual } = difference;
  return new CommonweightError(
    "ENGINE_DIFFERS",
    "This machine computes otherwise than the committed digests, so its scores would not count: in the probe's case " +
      `\`${name}\` its ${value} have the digest ${actual}, not ${expected} ` +
      `(${version}, Node ${process.version}, ${process.arch}).`,
    "Install the program again; if `commonweight engine check` still prints a difference, work on another machine.",
  );
}
