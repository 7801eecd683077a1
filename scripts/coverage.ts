// `npm run coverage`: lines and statements of the contracts that their tests reach; fails below 100 %.
//
// Works in a copy of the project: the instrumented build would otherwise stand in the place of the real one.
import { globSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT, runTool } from "./run-tool.ts";

const SOURCES = ["contracts", "sdk", "trainer", "scripts", "test", "types", "hardhat.config.ts", "package.json"];
const HARDHAT = "node_modules/hardhat/dist/src/cli.js";
/** A row of Hardhat's table: file, lines in per cent, statements in per cent. */
const ROW = /^║ (contracts\/\S+) +│ (\d+\.\d\d) +│ (\d+\.\d\d) +│/gm;
const MOCKS = "contracts/mocks/";

const folder = mkdtempSync(join(tmpdir(), "commonweight-coverage-"));
try {
  process.exitCode = await measure(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(copy: string): Promise<number> {
  for (const source of SOURCES) await cp(join(ROOT, source), join(copy, source), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
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
