import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect } from "chai";
import { ESLint } from "eslint";

import { ROOT, runTool } from "../../tools/programs/run-tool.ts";

const RULES = ".dependency-cruiser.js";

/** Names of the import rules that a project with these files violates. */
async function brokenImportRules(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), "commonweight-rules-"));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    for (const file of [RULES, "tsconfig.json", "package.json"]) copyFileSync(join(ROOT, file), join(root, file));
    symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
    const program = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
    const folders = [...new Set(Object.keys(files).map((file) => file.split("/")[0] ?? ""))];
    const { output } = await runTool(program, ["--output-type", "json", ...folders], root);
    const { summary } = JSON.parse(output) as { summary: { violations: { rule: { name: string } }[] } };
    return [...new Set(summary.violations.map(({ rule }) => rule.name))].toSorted();
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe("the rules of lint", function () {
  this.timeout(300_000);
  let eslint: ESLint;
  before(() => (eslint = new ESLint({ cwd: ROOT })));

  /** Names of the eslint rules that a text violates at an existing file's path. */
  async function brokenRules(file: string, text: string): Promise<readonly (string | null)[]> {
    const [result] = await eslint.lintText(text, { filePath: join(ROOT, file) });
    return (result?.messages ?? []).map(({ ruleId }) => ruleId);
  }

  it("refuse Node's globals in the sdk, where browsers lack them, but not elsewhere", async () => {
    for (const use of ["Buffer.from([])", "process.cwd()", "setImmediate(() => undefined)"]) {
      expect(await brokenRules("sdk/errors.ts", `export const a = ${use};\n`), use).to.deep.equal([
        "no-restricted-globals",
      ]);
      expect(await brokenRules("trainer/log.ts", `export const a = ${use};\n`), use).to.deep.equal([]);
    }
    expect(await brokenRules("sdk/errors.ts", "export const a = globalThis.process;\n")).to.deep.equal([
      "no-restricted-properties",
    ]);
  });

  it("refuse five parameters, in constructors too, but not in tests", async () => {
    const five = "(a: number, b: number, c: number, d: number, e: number)";
    const text = `export function f${five}: number {\n  return a + b + c + d + e;\n}\n`;
    const constructor = `export class C {\n  a = 1;\n  constructor${five} {\n    console.log(a + b + c + d + e);\n  }\n}\n`;
    const rule = ["@typescript-eslint/max-params"];
    expect(await brokenRules("trainer/log.ts", text)).to.deep.equal(rule);
    expect(await brokenRules("trainer/log.ts", constructor)).to.deep.equal(rule);
    expect(await brokenRules("test/helpers/refusals.ts", text)).to.deep.equal([]);
  });

  it("refuse Node's modules in the sdk, and an import against the direction of the layers", async () => {
    expect(await brokenImportRules({ "sdk/a.ts": "", "trainer/model/b.ts": 'import "node:fs";' })).to.deep.equal([]);
    expect(await brokenImportRules({ "sdk/a.ts": 'import "node:fs";' })).to.deep.equal(["sdk-runs-in-browsers"]);
    const upwards = { "trainer/model/a.ts": 'import "../engine/b.ts";', "trainer/engine/b.ts": "" };
    expect(await brokenImportRules(upwards)).to.deep.equal(["model-room"]);
    const intoAggregation = { "trainer/aggregation/a.ts": 'import "../engine/port.ts";', "trainer/engine/port.ts": "" };
    expect(await brokenImportRules(intoAggregation)).to.deep.equal(["aggregation-room"]);
    const foreignPort = { "trainer/scoring/a.ts": 'import "../chain/port.ts";', "trainer/chain/port.ts": "" };
    expect(await brokenImportRules(foreignPort)).to.deep.equal(["scoring-room"]);
  });
});
