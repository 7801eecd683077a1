#!/usr/bin/env node
// Entry point of `commonweight` with installed packages; the repository's bin/commonweight.mjs installs them first.

import { quietExperimentalWarnings } from "./quiet-warnings.mjs";
import { ensureRecentNode } from "./recent-node.mjs";

await ensureRecentNode();
quietExperimentalWarnings();
// Before the program is loaded, because V8's heap grows most then; and loaded itself by a Node that is recent enough.
const { keepHeapSmall } = await import("../engine/heap.ts");
keepHeapSmall();
await import("../cli/main.ts");
