// Runs solc's model checker on one file: smt-process.ts FILE ENGINE. Prints the compiler's output as JSON. Runs in its
// own process, because the solver cannot be interrupted.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";

import { ROOT } from "../programs/run-tool.ts";
import { withCanaries } from "./canaries.ts";

interface Compiler {
  compile(input: string, callbacks: { import(path: string): { contents: string } | { error: string } }): string;
}

const MATH = "@openzeppelin/contracts/utils/math/Math.sol";
/** Replaces `MATH`, whose assembly the model checker does not support. */
const FLOOR_MATH = "test/symbolic/FloorMath.sol";

// Cast: the package has no types.
const solc = createRequire(import.meta.url)("solc") as Compiler;
const [file = "", engine = ""] = process.argv.slice(2);
const contract = basename(file, ".sol");
const input = {
  language: "Solidity",
  sources: { [file]: { content: withCanaries(readFileSync(join(ROOT, file), "utf8"), file) } },
  settings: {
    evmVersion: "cancun",
    outputSelection: { "*": { "*": [] } },
    modelChecker: {
      contracts: { [file]: [contract] },
      engine,
      // No `timeout`: the solver's step limit ends it at the same point on every machine.
      solvers: ["z3"],
      targets: ["assert"],
      showProvedSafe: true,
      showUnproved: true,
      showUnsupported: true,
    },
  },
};
process.stdout.write(solc.compile(JSON.stringify(input), { import: read }));

function read(path: string): { contents: string } | { error: string } {
  try {
    const place = path === MATH ? FLOOR_MATH : path.startsWith("@") ? join("node_modules", path) : path;
    return { contents: readFileSync(join(ROOT, place), "utf8") };
  } catch (error) {
    return { error: String(error) };
  }
}
