import { randomInt } from "node:crypto";

/** Vectors of all comparisons together, and what they are made from: both by the environment, to repeat a failure. */
export const VECTORS = Number(process.env["CW_VECTORS"] ?? 100_000);
export const SEED = Number(process.env["CW_SEED"] ?? randomInt(2 ** 32));
