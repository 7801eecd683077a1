/** Interval between two looks at the chain, in milliseconds. */
export const POLL_MS = 100;
