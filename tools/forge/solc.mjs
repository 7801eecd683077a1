#!/usr/bin/env node
// The compiler from npm in the shape of a `solc` program, as forge wants one: tells its version, reads standard JSON.
import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc");

if (process.argv.includes("--version")) {
  // Forge reads a native build's version, and refuses the name that the JavaScript build gives its platform.
  console.log("solc, the solidity compiler commandline interface");
  console.log(`Version: ${solc.version().replace(/\.Emscripten.*$/, "")}.Linux.g++`);
} else {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  process.stdout.write(solc.compile(Buffer.concat(chunks).toString("utf8")));
}
