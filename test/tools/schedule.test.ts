import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { jobRemarks, jobTable } from "../../tools/jobs/job-table.ts";
import { runJobs, type Job, type JobReport, type OutputFile } from "../../tools/jobs/schedule.ts";
import { isSuccess, totalLine } from "../../tools/jobs/suite-result.ts";
import { runSuiteProcess } from "../../tools/suites/suite-process.ts";
import { NODE_FLAGS } from "../../tools/programs/node-flags.ts";
import { ROOT } from "../../tools/programs/run-tool.ts";

describe("jobs at the same time", function () {
  this.timeout(60_000);
  const lines: string[] = [];
  const print = (text: string) => void lines.push(text);

  beforeEach(() => lines.splice(0));

  /**
   * Runs jobs given by name and cores; `seen` lists, at each start, the jobs that run.
   *
   * @param meeting jobs that end only once all of them have begun
   */
  async function run(
    wanted: readonly (readonly [string, number])[],
    processors: number,
    meeting: readonly string[] = [],
  ) {
    const running = new Set<string>();
    const seen: string[] = [];
    const met = Promise.withResolvers<undefined>();
    const jobs = wanted.map(([name, own]): Job => {
      const run = async ({ stream }: OutputFile) => {
        running.add(name);
        seen.push([...running].toSorted().join("+"));
        stream.write(`begin ${name}\n`);
        if (meeting.every((one) => running.has(one))) met.resolve(undefined);
        await (meeting.includes(name) ? met.promise : sleep(20));
        stream.write(`end ${name}\n`);
        running.delete(name);
        return { name, passed: 1, failed: 0, skipped: 0 };
      };
      return { name, processors: own, run };
    });
    return { reports: await runJobs({ jobs, processors, print }), seen };
  }

  it("are as many as there are processors, and one that wants all runs alone", async () => {
    const { reports, seen } = await run(
      [
        ["a", 1],
        ["b", 1],
        ["c", Infinity],
        ["d", 1],
      ],
      2,
      ["a", "b"],
    );
    // Either of the two may begin first.
    expect(seen[0]).to.be.oneOf(["a", "b"]);
    expect(seen.slice(1)).to.deep.equal(["a+b", "c", "d"]);
    expect(reports.map(({ name }) => name)).to.deep.equal(["a", "b", "c", "d"]);
  });

  it("run one after the other on one processor", async () => {
    const { seen } = await run(
      [
        ["a", 1],
        ["b", 1],
      ],
      1,
    );
    expect(seen).to.deep.equal(["a", "b"]);
  });

  it("print their output whole, and what runs meanwhile", async () => {
    await run(
      [
        ["a", 1],
        ["b", 1],
      ],
      2,
    );
    const text = lines.join("\n");
    expect(text).to.include("begin a\nend a");
    expect(text).to.include("begin b\nend b");
    expect(lines[0]).to.equal("-- 0 of 2 done; running: a, b");
    expect(lines.at(-1)).to.match(/^ {2}1 passed, 0 failed in /);
  });

  it("count as failed where they cannot be run", async () => {
    const run = () => Promise.reject(new Error("planted"));
    const reports = await runJobs({ jobs: [{ name: "a", processors: 1, run }], processors: 2, print });
    expect(isSuccess(reports)).to.equal(false);
    expect(totalLine(reports)).to.equal("0 passed, 1 failed");
    expect(lines.join("\n")).to.include("planted");
  });

  describe("with a suite whose program starts another, in a process group of its own", () => {
    let folder: string;
    let suite: string;
    /** File to which the other program writes its process id. */
    let started: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "commonweight-schedule-"));
      [suite, started] = [join(folder, "suite.ts"), join(folder, "started")];
      const text = `require("node:fs").writeFileSync(${JSON.stringify(started)}, String(process.pid));
        setInterval(() => {}, 1000);`;
      writeFileSync(
        suite,
        `import { runProgram } from ${JSON.stringify(join(ROOT, "tools/programs/run-program.ts"))};
         await runProgram(process.execPath, ["--eval", ${JSON.stringify(text)}], { folder: ${JSON.stringify(folder)} });`,
      );
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("end both when npm test is interrupted", async () => {
      const program = join(folder, "program.ts");
      writeFileSync(
        program,
        `import { runSuiteProcess } from ${JSON.stringify(join(ROOT, "tools/suites/suite-process.ts"))};
         process.once("SIGINT", () => process.exit(1));
         await runSuiteProcess({ name: "a", program: ${JSON.stringify(suite)}, arguments: [], timeoutMs: 50_000 });`,
      );
      const child = spawn(process.execPath, [...NODE_FLAGS, program], { stdio: "ignore" });
      const pid = await numberIn(started);
      child.kill("SIGINT");
      await once(child, "exit");
      await ended(pid);
    });

    it("end both when the suite hangs", async () => {
      const { fault } = await runSuiteProcess({ name: "a", program: suite, arguments: [], timeoutMs: 10_000 });
      expect(fault).to.include("did not end");
      await ended(await numberIn(started));
    });
  });
});

describe("the table at the end of npm test", () => {
  const report = (some: Partial<JobReport>): JobReport => ({
    ...{ name: "sdk", passed: 3, failed: 0, skipped: 0, seconds: 90, output: "" },
    ...some,
  });

  it("has a row for each suite, with its minutes", () => {
    const table = jobTable("suite", [report({}), report({ name: "tools", failed: 1 })], 100);
    expect(table).to.match(/sdk +│ +3 │ +0 │ +0 │ +1\.5/);
    expect(table).to.match(/all +│ +6 │ +1 │ +0 │ +1\.7/);
  });

  it("is followed by failures and tests that did not run, by name", () => {
    const remarks = jobRemarks([
      report({ failed: 1, output: "  file.ts\n    FAILED: money is lost\n      Error" }),
      report({ name: "a", failed: 1, fault: "it hangs" }),
      report({ name: "b", skipped: 2, output: "  engine NOT RUN: no library\n    skipped: one\n" }),
      report({ name: "c", skipped: 1, output: "    skipped: another\n" }),
      report({ name: "d", skipped: 1 }),
      report({ name: "e", skipped: 1, output: "  NOT RUN: the first\nNOT RUN: sdk: the first\n" }),
    ]);
    expect(remarks).to.deep.equal([
      "FAILED: sdk: money is lost",
      "FAILED: a: it hangs",
      "NOT RUN: b: engine NOT RUN: no library",
      "NOT RUN: c: another",
      "NOT RUN: d: 1, without a reason",
      "NOT RUN: e: sdk: the first",
    ]);
  });
});

/** Waits for a process to write a number to a file, and returns it. */
async function numberIn(path: string): Promise<number> {
  for (;;) {
    try {
      const text = readFileSync(path, "utf8");
      if (text !== "") return Number(text);
    } catch {
      // The file does not exist yet.
    }
    await sleep(20);
  }
}

async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(20);
  }
}
