#!/usr/bin/env node
// Entry point of `commonweight` with installed packages; the repository's bin/commonweight.mjs installs them first.

import { setFlagsFromString } from "node:v8";

import { quietExperimentalWarnings } from "./quiet-warnings.mjs";
import { ensureRecentNode } from "./recent-node.mjs";

await ensureRecentNode();
quietExperimentalWarnings();
// V8's space for young objects stays as small as it begins: it would grow by 30 MB while the program loads and never
// shrink. The flag for its size has no effect once Node runs.
setFlagsFromString("--semi-space-growth-factor=1");
await import("../cli/main.ts");
