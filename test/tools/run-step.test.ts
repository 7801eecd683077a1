import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { runStep, type Step } from "../../tools/ci/run-step.ts";
import { ciSteps } from "../../tools/ci/steps.ts";
import { ROOT } from "../../tools/programs/run-tool.ts";
import { parseTotalLine, totalLine, type SuiteResult } from "../../tools/jobs/suite-result.ts";

describe("a step of .ci/run", function () {
  this.timeout(20_000);
  let folder: string;

  before(() => (folder = mkdtempSync(join(tmpdir(), "commonweight-step-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a program with this source as a step. */
  async function stepOf(text: string, options: Partial<Step> = {}): Promise<SuiteResult> {
    const path = join(folder, "output");
    const stream = createWriteStream(path);
    await once(stream, "open");
    try {
      const command: Step["command"] = [process.execPath, "--eval", text];
      return await runStep({ name: "planted", command, limitMinutes: 0.25, ...options }, { path, stream }, 500);
    } finally {
      stream.end();
    }
  }

  it("counts by its last line", async () => {
    const result = await stepOf(`console.log("hello\\n3 passed, 0 failed, 2 skipped")`);
    expect(result).to.deep.equal({ name: "planted", passed: 3, failed: 0, skipped: 2 });
  });

  it("counts failures once, whatever its exit status", async () => {
    const { passed, failed } = await stepOf(`console.log("3 passed, 2 failed"); process.exitCode = 1`);
    expect([passed, failed]).to.deep.equal([3, 2]);
  });

  it("may be one whose exit status is its result", async () => {
    expect((await stepOf(`console.log("hello")`, { countsByStatus: true })).passed).to.equal(1);
    expect((await stepOf(`process.exit(3)`, { countsByStatus: true })).failed).to.equal(1);
  });

  const faults: readonly (readonly [string, string, Partial<Step>?])[] = [
    ["prints no counts", `console.log("all is well")`],
    ["prints counts, but not last", `console.log("3 passed, 0 failed\\nall is well")`],
    ["prints nothing", ``],
    ["crashes after its counts", `console.log("3 passed, 0 failed"); process.abort()`],
    ["ends with another status than its counts", `console.log("3 passed, 0 failed"); process.exitCode = 1`],
    ["runs nothing", `console.log("0 passed, 0 failed")`],
    ["hangs", `console.log("3 passed, 0 failed"); setInterval(() => {}, 1000)`, { limitMinutes: 0.02 }],
    [
      "hangs and ignores the signal to end, and so does its child",
      `require("node:child_process").spawn(process.execPath, ["--eval", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"], { stdio: "inherit" });
       process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)`,
      { limitMinutes: 0.02 },
    ],
  ];
  for (const [fault, text, options] of faults) {
    it(`fails when it ${fault}`, async () => {
      const { failed, fault: told } = await stepOf(text, options);
      expect(failed).to.equal(1);
      expect(told).to.be.a("string");
    });
  }

  it("rejects when its command does not exist", async () => {
    let message = "";
    await stepOf("", { command: [join(folder, "nowhere")] }).catch((error: unknown) => (message = String(error)));
    expect(message).to.include("ENOENT");
  });
});

describe(".ci/run", () => {
  it("calls the README's test command first, and every gate's command once", () => {
    const names = ciSteps("demo").map(({ name }) => name);
    expect(names[0]).to.equal("tests");
    expect(new Set(names).size).to.equal(names.length);
  });

  it("has a step for each npm command that measures, or a reason not to", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: object };
    const steps = readFileSync(join(ROOT, "tools/ci/steps.ts"), "utf8");
    const missing = Object.keys(scripts).filter(
      (name) => /^(test|lint|coverage|gas|verify)/.test(name) && !steps.includes(name),
    );
    expect(missing).to.deep.equal([]);
  });
});

describe("the sum in a last line", () => {
  it("is read as it was written", () => {
    for (const skipped of [0, 3]) {
      const counts = { passed: 12, failed: 1, skipped };
      expect(parseTotalLine(totalLine([{ name: "a", ...counts }]))).to.deep.equal(counts);
    }
    expect(parseTotalLine("12 passed")).to.equal(undefined);
    expect(parseTotalLine("so 12 passed, 0 failed")).to.equal(undefined);
  });
});
