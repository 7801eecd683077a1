import type { Log } from "../../trainer/log.ts";

/** A log that keeps nothing. */
export const silentLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
