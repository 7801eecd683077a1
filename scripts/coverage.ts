// `npm run coverage`: lines and statements of the contracts that their tests reach; fails below 100 %.
//
// Works in a copy of the project: the instrumented build would otherwise stand in the place of the real one.
import { globSync, rmSync } from "node:fs";
import { join } from "node:path";

import { copyProject } from "./project-copy.ts";
import { runTool } from "./run-tool.ts";

const HARDHAT = "node_modules/hardhat/dist/src/cli.js";
/** A row of Hardhat's table: file, lines in per cent, statements in per cent. */
const ROW = /^║ (contracts\/\S+) +│ (\d+\.\d\d) +│ (\d+\.\d\d) +│/gm;
const MOCKS = "contracts/mocks/";

const folder = await copyProject("coverage");
try {
  process.exitCode = await measure(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(copy: string): Promise<number> {
  const files = globSync("test/contracts/**/*.{test.ts,t.sol}", { cwd: copy });
  console.log(`running ${files.length} files of test/contracts against instrumented contracts`);
  const { status, output } = await runTool(join(copy, HARDHAT), ["test", "--coverage", ...files], copy);
  console.log(output);
  const rows = [...output.matchAll(ROW)].filter(([, file]) => file?.startsWith(MOCKS) === false);
  const incomplete = rows.filter(([, , lines, statements]) => lines !== "100.00" || statements !== "100.00");
  for (const [, file, lines, statements] of incomplete) {
    console.log(`${file}: lines ${lines} %, statements ${statements} %; the target is 100 %`);
  }
  return status === 0 && rows.length > 0 && incomplete.length === 0 ? 0 : 1;
}
