#!/usr/bin/env node
// The program `commonweight`. Needs the packages to be installed; `npm run demo` or `npm test` installs them.

import { ensureRecentNode } from "./recent-node.mjs";

ensureRecentNode();
// Of Node's own warnings only those about experimental parts are left out: node:sqlite is one, and there is no other store.
const { emitWarning } = process;
process.emitWarning = (warning, ...rest) => {
  const type = typeof rest[0] === "object" ? rest[0]?.type : rest[0];
  if (type !== "ExperimentalWarning") emitWarning.call(process, warning, ...rest);
};
await import("../cli/main.ts");
