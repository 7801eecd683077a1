import { CommonweightError } from "@commonweight/sdk/errors";

/** The Kubo daemon does not answer: it is stopped, hangs, or cannot be reached. */
export function daemonDown(url: string, call: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "CONTENT_DAEMON_DOWN",
    `the Kubo daemon at ${url} does not answer: ${call}`,
    "Start it with `ipfs daemon`, or correct --kubo; a running worker then goes on by itself.",
    { cause },
  );
}

/** The Kubo daemon answered with bytes that are not what was asked for. */
export function daemonFaulty(url: string, call: string, reason: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "CONTENT_DAEMON_FAULTY",
    `the Kubo daemon at ${url} gave a wrong answer to ${call}: ${reason}`,
    "The bytes were not used. Check its store with `ipfs repo verify`, and that --kubo is the address of a daemon.",
    { cause },
  );
}

/** The Kubo daemon answered with an error of its own. */
export function daemonRefused(url: string, call: string, reason: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "CONTENT_DAEMON_REFUSED",
    `the Kubo daemon at ${url} refused ${call}: ${reason}`,
    "The reason is the daemon's own; its log may say more.",
    { cause },
  );
}

/** The Kubo daemon cannot serve a worker the way it was started or configured. */
export function daemonUnfit(url: string, reason: string, hint: string, cause?: unknown): CommonweightError {
  return new CommonweightError("CONTENT_DAEMON_UNFIT", `the Kubo daemon at ${url} ${reason}`, hint, { cause });
}
