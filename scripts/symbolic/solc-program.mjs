// The compiler from npm as the program `solc` that forge calls: a version, and standard JSON through the two pipes.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc");

if (process.argv.includes("--version")) {
  // Forge reads the platform from the version's last part, and knows no Emscripten.
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${version()}`);
} else {
  process.stdout.write(solc.compile(readFileSync(0, "utf8")));
}

function version() {
  return solc.version().replace("Emscripten.clang", "Linux.g++");
}
