#!/usr/bin/env node
// The program `commonweight` in the repository, run by `npx commonweight`, also on a fresh clone. It installs missing
// packages first, and builds the contracts for the one command that deploys them.

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { ensureRecentNode } from "../trainer/bin/recent-node.mjs";
import { ensureContractsBuilt, ensureInstalled } from "./install.mjs";
import { restoreManifests } from "./source-manifests.mjs";

await ensureRecentNode();
restoreManifests(dirname(dirname(fileURLToPath(import.meta.url))));
await ensureInstalled();
if (process.argv.includes("chain")) ensureContractsBuilt();
await import("../trainer/bin/commonweight.mjs");
