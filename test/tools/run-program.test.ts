import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { expect } from "chai";

import { runProgram } from "../../tools/programs/run-program.ts";
import { ROOT } from "../../tools/programs/run-tool.ts";
import { runSuiteProcess } from "../../tools/suites/suite-process.ts";

/** Program that starts an endless process with its own standard output, and prints that process's id. */
const STARTS_ANOTHER = `
  const { spawn } = require("node:child_process");
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
  require("node:fs").writeFileSync(process.argv[1], String(child.pid));
  setInterval(() => {}, 1000);`;

describe("a program that a tool runs", function () {
  this.timeout(30_000);
  let folder: string;
  let pidFile: string;

  before(() => (folder = mkdtempSync(join(tmpdir(), "commonweight-program-"))));
  beforeEach(() => rmSync((pidFile = join(folder, "pid")), { force: true }));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("returns its exit status and its whole output", async () => {
    const text = `console.log("out"); console.error(process.env.WORD, process.cwd()); process.exitCode = 3;`;
    const options = { folder, environment: { WORD: "planted" } };
    const { status, stdout, output } = await runProgram(process.execPath, ["-e", text], options);
    expect(status).to.equal(3);
    expect(stdout).to.equal("out\n");
    expect(output)
      .to.contain("out\n")
      .and.to.match(/planted .*commonweight-program-/);
  });

  it("has no exit status if a signal ends it", async () => {
    const text = `process.kill(process.pid, "SIGKILL");`;
    expect((await runProgram(process.execPath, ["-e", text], { folder })).status).to.equal(undefined);
  });

  it("fails if it cannot be started", async () => {
    const failure = await runProgram(join(folder, "nowhere"), [], { folder }).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "ENOENT");
  });

  it("is killed when its time is over, with the processes that it started", async () => {
    const { status } = await runProgram(process.execPath, ["-e", STARTS_ANOTHER, pidFile], {
      folder,
      timeoutMs: 2_000,
    });
    expect(status).to.equal(undefined);
    await gone(Number(readFileSync(pidFile, "utf8")));
  });

  for (const signal of ["SIGTERM", "SIGINT", undefined] as const) {
    it(`is killed with the processes that it started when its caller ${signal ? `gets ${signal}` : "exits"}`, async () => {
      const caller = join(folder, "caller.ts");
      const leave = signal === undefined ? "process.exit(0)" : `process.kill(process.pid, "${signal}")`;
      writeFileSync(
        caller,
        `import { existsSync } from "node:fs";
        import { runProgram } from "${join(ROOT, "tools/programs/run-program.ts")}";
        void runProgram(process.execPath, ["-e", ${JSON.stringify(STARTS_ANOTHER)}, ${JSON.stringify(pidFile)}], { folder: "." });
        setInterval(() => { if (existsSync(${JSON.stringify(pidFile)})) ${leave}; }, 50);`,
      );
      await once(spawn(process.execPath, [caller], { cwd: ROOT, stdio: "ignore" }), "exit");
      await gone(Number(readFileSync(pidFile, "utf8")));
    });
  }

  it("leaves nothing behind when it is a suite that ends", async () => {
    const file = join(folder, "planted.test.ts");
    writeFileSync(
      file,
      `import { spawn } from "node:child_process";
      import { writeFileSync } from "node:fs";
      it("leaves a process", () => {
        const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
        writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
      });`,
    );
    const program = "tools/suites/mocha-suite.ts";
    const suite = { name: "planted", program, arguments: [file], timeoutMs: 15_000, output: "ignore" } as const;
    expect((await runSuiteProcess(suite)).passed).to.equal(1);
    await gone(Number(readFileSync(pidFile, "utf8")));
  });
});

/** Waits until a process has ended, without a time limit other than the test's. */
async function gone(pid: number): Promise<void> {
  expect(pid).to.be.above(0);
  while (isAlive(pid)) await setTimeout(20);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // In a container without an init process, a dead orphan stays as a zombie.
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, "utf8"));
}
