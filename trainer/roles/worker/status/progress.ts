import type { Log } from "../../../log.ts";

/** Interval between two lines about work that goes on, in milliseconds. */
const INTERVAL_MS = 5_000;

/** Work that takes long, and how its log lines name it. */
export interface LongWork<Result> {
  readonly message: string;
  readonly context: object;
  /** @param report takes the share that is done, 0 to 1 */
  readonly run: (report: (share: number) => void) => Promise<Result>;
}

/** Runs work, and logs every few seconds for how long it has run and, where it reports it, how much of it is done. */
export async function withProgress<Result>(
  log: Log,
  { message, context, run }: LongWork<Result>,
  intervalMs = INTERVAL_MS,
): Promise<Result> {
  const start = performance.now();
  let percent: number | undefined;
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - start) / 1_000);
    log.info({ ...context, seconds, ...(percent === undefined ? {} : { percent }) }, message);
  }, intervalMs);
  try {
    return await run((share) => (percent = Math.floor(100 * share)));
  } finally {
    clearInterval(timer);
  }
}
