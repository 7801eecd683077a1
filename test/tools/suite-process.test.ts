import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { runSuiteProcess } from "../../tools/suites/suite-process.ts";
import { isSuccess, totalLine, type SuiteResult } from "../../tools/jobs/suite-result.ts";

/** Runs a suite with one test file like `npm test` does. */
describe("a suite of npm test", function () {
  this.timeout(20_000);
  let folder: string;

  before(() => (folder = mkdtempSync(join(tmpdir(), "commonweight-suite-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function suiteOf(text: string, timeoutMs = 15_000): Promise<SuiteResult> {
    const file = join(folder, "planted.test.ts");
    writeFileSync(file, text);
    const program = "tools/suites/mocha-suite.ts";
    return runSuiteProcess({ name: "planted", program, arguments: [file], timeoutMs, output: "ignore" });
  }

  it("passes with its tests", async () => {
    const result = await suiteOf(`it("passes", () => {}); it.skip("waits", () => {});`);
    const { files, ...counts } = result;
    expect(counts).to.deep.equal({ name: "planted", passed: 1, failed: 0, skipped: 1 });
    expect(files).to.have.length(1);
  });

  const faults: readonly (readonly [string, string])[] = [
    ["a test fails", `it("fails", () => { throw new Error("planted"); });`],
    ["a hook fails", `before(() => { throw new Error("planted"); }); it("never runs", () => {});`],
    ["it has no test", `export {};`],
    ["all its tests are skipped", `it.skip("waits", () => {});`],
    ["it does not load", `throw new Error("planted");`],
    ["it imports what is not there", `import "../tools/nowhere.ts";`],
    ["it crashes", `it("crashes", () => { process.abort(); });`],
    ["it ends itself well before its tests do", `it("leaves", () => { process.exit(0); });`],
    [
      "a rejection is not handled",
      `it("floats", (done) => { void Promise.reject(new Error()); setTimeout(done, 1000); });`,
    ],
    ["it runs one test only", `it.only("is alone", () => {}); it("is left out", () => {});`],
  ];
  for (const [fault, text] of faults) {
    it(`fails when ${fault}`, async () => {
      const result = await suiteOf(text);
      expect(result.failed).to.equal(1);
      expect(isSuccess([result])).to.equal(false);
    });
  }

  it("fails when it hangs", async () => {
    const result = await suiteOf(
      `it("hangs", () => new Promise(() => {})).timeout(0); setInterval(() => {}, 1000);`,
      2_000,
    );
    expect(result.failed).to.equal(1);
  });

  it("is summed up in one line", () => {
    const result: SuiteResult = { name: "planted", passed: 2, failed: 1, skipped: 0 };
    expect(totalLine([result, result])).to.equal("4 passed, 2 failed");
    expect(totalLine([{ ...result, skipped: 3 }])).to.equal("2 passed, 1 failed, 3 skipped");
    expect(isSuccess([])).to.equal(false);
  });
});
