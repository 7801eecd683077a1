#!/usr/bin/env node
// The program `commonweight`, once its packages are installed; bin/commonweight.mjs of the repository installs them
// first.

import { quietExperimentalWarnings } from "./quiet-warnings.mjs";
import { ensureRecentNode } from "./recent-node.mjs";

await ensureRecentNode();
quietExperimentalWarnings();
await import("../cli/main.ts");
