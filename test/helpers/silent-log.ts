import type { ChainLog } from "../../trainer/chain/chain-log.ts";

/** A log that keeps nothing. */
export const silentLog: ChainLog = { debug: () => undefined, info: () => undefined, warn: () => undefined };
