// `npm run test:invariants`: chapter 8 of the design as invariants over random histories, each brought to its end by one
// stranger, under forge. `--long` for 10,000 campaigns of 100 calls and 10,000 histories; `--runs N`, `--histories N`, `--seed N`.
import { parseArgs } from "node:util";

import { invariantCampaign } from "./campaigns/invariants.ts";
import { CI, LONG } from "./campaigns/profiles.ts";
import { printFigures } from "./figures.ts";
import { wholeNumber } from "./whole-number.ts";

const { values } = parseArgs({
  options: {
    long: { type: "boolean", default: false },
    runs: { type: "string" },
    histories: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});
const profile = values.long ? LONG : CI;
const campaign = await invariantCampaign({
  runs: wholeNumber("--runs", values.runs ?? String(profile.invariantRuns), 1, 10_000_000),
  depth: profile.depth,
  histories: wholeNumber("--histories", values.histories ?? String(profile.histories), 1, 10_000_000),
  successes: profile.successes,
  seed: wholeNumber("--seed", values.seed, 0, 2 ** 32),
});
if (campaign === undefined) {
  console.log(`NOT RUN: there is no forge for ${process.platform} on ${process.arch}`);
  process.exitCode = 1;
} else {
  process.exitCode = printFigures(campaign.figures) ? 0 : 1;
}
