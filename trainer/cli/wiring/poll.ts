/** Interval between polls of the chain, in milliseconds. */
export const POLL_MS = 100;
