#!/usr/bin/env node
// The program `commonweight`. Needs the packages to be installed; `npm run demo` or `npm test` installs them.

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`error NODE_TOO_OLD: Node 22.18 or later is needed, this is ${process.version}\n`);
  process.stderr.write("  Run it as: npx -y -p node@22 -- node bin/commonweight.mjs ...\n");
  process.exit(1);
}
// Of Node's own warnings only those about experimental parts are left out: node:sqlite is one, and there is no other store.
const { emitWarning } = process;
process.emitWarning = (warning, ...rest) => {
  const type = typeof rest[0] === "object" ? rest[0]?.type : rest[0];
  if (type !== "ExperimentalWarning") emitWarning.call(process, warning, ...rest);
};
await import("../trainer/cli/main.ts");
