// Prepares the repository and runs one of its programs. Plain JavaScript without dependencies, for Node 18 and later:
// finds a Node version that Hardhat and Helia support, installs the packages, builds the contracts, runs the program.
//
//     node bin/bootstrap.mjs scripts/PROGRAM.ts [ARGUMENT ...]

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { ensureRecentNode } from "../trainer/bin/recent-node.mjs";
import { runNode } from "../trainer/bin/run-node.mjs";
import { ensureContractsBuilt, ensureInstalled } from "./install.mjs";
import { restoreManifests } from "./source-manifests.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MOCHA = "node_modules/mocha/bin/mocha.js";

const [program, ...programArguments] = process.argv.slice(2);
if (program === undefined || !(existsSync(join(ROOT, program)) || program === MOCHA)) {
  const problem = program === undefined ? "no program given." : `${program} does not exist.`;
  process.stderr.write(`commonweight: ${problem} For example: node bin/bootstrap.mjs scripts/demo.ts\n`);
  process.exit(2);
}

await ensureRecentNode();
restoreManifests(ROOT);
const start = Date.now();
const installed = await ensureInstalled();
const built = ensureContractsBuilt();
const seconds = installed || built ? (Date.now() - start) / 1000 : 0;
await runNode(process.execPath, ["--disable-warning=ExperimentalWarning", join(ROOT, program), ...programArguments], {
  COMMONWEIGHT_INSTALL_SECONDS: seconds.toFixed(1),
});
