// `npm run test:invariants`: checks the market's invariants with forge over random histories with an honest and a
// hostile token; a stranger then ends every job. Runs 512 invariant campaigns of 64 calls, and 256 histories.
//
//     --long                       10,000 campaigns of 100 calls, and 10,000 histories
//     --runs N, --histories N      N campaigns or histories
//     --seed N                     seed of the histories
//     --resume                     skips the parts that an interrupted run of the same length and seed finished
//     --record                     saves the figures for docs/evidence.md
import { parseArgs } from "node:util";

import { invariantCampaign } from "./invariants.ts";
import { CI, LONG } from "./profiles.ts";
import { finishGate, gateNotRun, RECORD_OPTION } from "../evidence/finish-gate.ts";
import { buildForgeTests } from "../forge/forge-build.ts";
import { forgeProgram } from "../forge/forge-program.ts";
import { wholeNumber } from "../programs/whole-number.ts";

// Exiting also ends forge.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const { values } = parseArgs({
  options: {
    long: { type: "boolean", default: false },
    runs: { type: "string" },
    histories: { type: "string" },
    seed: { type: "string", default: "1" },
    resume: { type: "boolean", default: false },
    record: RECORD_OPTION,
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
const isOwnProfile = values.runs === undefined && values.histories === undefined;
const gate = isOwnProfile ? (values.long ? "invariants-long" : "invariants") : undefined;
if (forgeProgram() === undefined) {
  gateNotRun(`no forge package for ${process.platform} on ${process.arch}`);
} else {
  await buildForgeTests();
  const { figures } = await invariantCampaign(options);
  finishGate({ gate, figures, record: values.record });
}
