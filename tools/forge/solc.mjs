#!/usr/bin/env node
// Wraps npm's solc as the `solc` program that forge expects: prints its version, compiles standard JSON from stdin.
import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc");

if (process.argv.includes("--version")) {
  // Forge rejects the JavaScript build's platform name, so report a native one.
  console.log("solc, the solidity compiler commandline interface");
  console.log(`Version: ${solc.version().replace(/\.Emscripten.*$/, "")}.Linux.g++`);
} else {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  process.stdout.write(solc.compile(Buffer.concat(chunks).toString("utf8")));
}
