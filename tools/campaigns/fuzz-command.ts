// `npm run test:fuzz`: every state-changing function of the contracts with any arguments, in every phase, by anyone, under
// forge; what Hardhat built is what is called. 512 runs of each; `--long` for 10,000, `--runs N`; `--seed N` for others;
// `--resume` goes on from what an interrupted run of the same length and seed finished.
import { parseArgs } from "node:util";

import { fuzzCampaign } from "./fuzz.ts";
import { CI, LONG } from "./profiles.ts";
import { printFigures } from "../bench/figures.ts";
import { forgeProgram } from "../forge/forge-program.ts";
import { wholeNumber } from "../programs/whole-number.ts";

// What forge still does ends with this program.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const { values } = parseArgs({
  options: {
    long: { type: "boolean", default: false },
    runs: { type: "string" },
    seed: { type: "string", default: "1" },
    resume: { type: "boolean", default: false },
  },
});
const profile = values.long ? LONG : CI;
const runs = wholeNumber("--runs", values.runs ?? String(profile.fuzzRuns), 1, 10_000_000);
const seed = wholeNumber("--seed", values.seed, 0, 2 ** 32);
if (forgeProgram() === undefined) {
  console.log(`NOT RUN: there is no forge for ${process.platform} on ${process.arch}`);
  process.exitCode = 1;
} else {
  const { figures } = await fuzzCampaign({ runs, seed, resume: values.resume });
  process.exitCode = printFigures(figures) ? 0 : 1;
}
