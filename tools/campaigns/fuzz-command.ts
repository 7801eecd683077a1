// `npm run test:fuzz`: calls every state-changing function of the contracts with random arguments, in every phase and
// from any account, with forge on Hardhat's build.
//
//     --long           10,000 runs of each function instead of 512
//     --runs N         N runs of each function
//     --seed N         seed of the arguments
//     --resume         skips the parts that an interrupted run of the same length and seed finished
//     --record         saves the figures for docs/evidence.md
import { parseArgs } from "node:util";

import { fuzzCampaign } from "./fuzz.ts";
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
    seed: { type: "string", default: "1" },
    resume: { type: "boolean", default: false },
    record: RECORD_OPTION,
  },
});
const profile = values.long ? LONG : CI;
const runs = wholeNumber("--runs", values.runs ?? String(profile.fuzzRuns), 1, 10_000_000);
const seed = wholeNumber("--seed", values.seed, 0, 2 ** 32);
const gate = values.runs !== undefined ? undefined : values.long ? "fuzz-long" : "fuzz";
if (forgeProgram() === undefined) {
  gateNotRun(`no forge package for ${process.platform} on ${process.arch}`);
} else {
  await buildForgeTests();
  const { figures } = await fuzzCampaign({ runs, seed, resume: values.resume });
  finishGate({ gate, figures, record: values.record });
}
