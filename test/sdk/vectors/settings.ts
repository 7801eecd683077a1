import { randomInt } from "node:crypto";

/** Total number of vectors and their seed, from the environment; `npm run test:differential` sets a larger number. */
export const VECTORS = Number(process.env["CW_VECTORS"] ?? 10_000);
export const SEED = Number(process.env["CW_SEED"] ?? randomInt(2 ** 32));
