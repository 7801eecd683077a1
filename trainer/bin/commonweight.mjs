#!/usr/bin/env node
// Entry point of `commonweight` with installed packages; the repository's bin/commonweight.mjs installs them first.

import { setFlagsFromString } from "node:v8";

import { quietExperimentalWarnings } from "./quiet-warnings.mjs";
import { ensureRecentNode } from "./recent-node.mjs";

await ensureRecentNode();
quietExperimentalWarnings();
// An idle worker is to be small. V8's space for young objects stays as small as it begins, because it would grow by
// 30 MB while the program loads and never shrink (the flag for its size has no effect once Node runs), and the heap
// grows in smaller steps. Training and scoring take as long as without: WebAssembly does the work.
for (const flag of ["--semi-space-growth-factor=1", "--optimize-for-size"]) setFlagsFromString(flag);
await import("../cli/main.ts");
