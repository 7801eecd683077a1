#!/usr/bin/env node
// The program `commonweight` in the repository: `npx commonweight` runs it, on a fresh clone too. It installs the
// packages first where they are missing; compiled contracts are no part of it.

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { ensureRecentNode } from "../trainer/bin/recent-node.mjs";
import { ensureInstalled } from "./install.mjs";
import { restoreManifests } from "./source-manifests.mjs";

await ensureRecentNode();
restoreManifests(dirname(dirname(fileURLToPath(import.meta.url))));
ensureInstalled();
await import("../trainer/bin/commonweight.mjs");
