// `npm run test:invariants`: chapter 8 of the design as invariants over random histories with an honest token and a hostile
// one, each history brought to its end by one stranger, under forge: 512 campaigns of 64 calls and 256 histories; `--long`
// for 10,000 of 100 calls and 10,000 histories; `--runs N`, `--histories N`, `--seed N`; `--resume` goes on from what an
// interrupted run of the same length and seed finished.
import { parseArgs } from "node:util";

import { invariantCampaign } from "./invariants.ts";
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
    histories: { type: "string" },
    seed: { type: "string", default: "1" },
    resume: { type: "boolean", default: false },
  },
});
const profile = values.long ? LONG : CI;
const options = {
  runs: wholeNumber("--runs", values.runs ?? String(profile.invariantRuns), 0, 10_000_000),
  depth: profile.depth,
  histories: wholeNumber("--histories", values.histories ?? String(profile.histories), 0, 10_000_000),
  successes: profile.successes,
  seed: wholeNumber("--seed", values.seed, 0, 2 ** 32),
  resume: values.resume,
};
if (forgeProgram() === undefined) {
  console.log(`NOT RUN: there is no forge for ${process.platform} on ${process.arch}`);
  process.exitCode = 1;
} else {
  const { figures } = await invariantCampaign(options);
  process.exitCode = printFigures(figures) ? 0 : 1;
}
