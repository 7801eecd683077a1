#!/usr/bin/env node
// Entry point of `commonweight` with installed packages; the repository's bin/commonweight.mjs installs them first.

import { quietExperimentalWarnings } from "./quiet-warnings.mjs";
import { ensureRecentNode } from "./recent-node.mjs";

await ensureRecentNode();
quietExperimentalWarnings();
await import("../cli/main.ts");
