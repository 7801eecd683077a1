import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

import { expect } from "chai";

const MODULE = new URL("../../../trainer/cli/wiring/until-interrupted.ts", import.meta.url).href;
/** Longer than signals of one interrupt are apart. */
const NEXT_INTERRUPT_MS = 600;

describe("an interrupted command", function () {
  this.timeout(120_000);
  const children = new Set<ChildProcess>();
  afterEach(() => children.forEach((child) => child.kill("SIGKILL")));

  /** Starts a process that runs `work` until it is interrupted; resolves once it has begun. */
  async function started(work: string, ...flags: readonly string[]) {
    const code = `
      import { setTimeout as sleep } from "node:timers/promises";
      import { drained, untilInterrupted } from ${JSON.stringify(MODULE)};
      const begin = () => process.stdout.write("begun");
      await untilInterrupted(async (signal) => { ${work} }).catch((error) => {
        process.stdout.write(error.message);
        process.exitCode = 1;
      });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code, "--", "program", ...flags], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(child);
    let err = "";
    child.stderr.on("data", (part) => (err += String(part)));
    await once(child.stdout, "data");
    const ended = once(child, "close").then(([status]) => ({ status: status as number | null, err }));
    return { child, ended };
  }
  const wait = "begin(); await sleep(1e8, undefined, { signal });";

  for (const [signal, status] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    it(`ends with ${status} after ${signal} where its result is missing`, async () => {
      const { child, ended } = await started(wait);
      child.kill(signal);
      expect((await ended).status).to.equal(status);
    });
  }
  it("ends with 0 where it is a worker, which ends in order", async () => {
    const { child, ended } = await started(
      `await drained(signal, async () => { begin(); await sleep(1e8, 0, { signal }); });`,
    );
    child.kill("SIGTERM");
    expect((await ended).status).to.equal(0);
  });
  it("still reports another error than the interrupt", async () => {
    const { child, ended } = await started(
      `begin(); await sleep(1e8, 0, { signal }).catch(() => { throw new Error("lost"); });`,
    );
    child.kill("SIGTERM");
    expect((await ended).status).to.equal(1);
  });
  it("counts signals of one interrupt once, and exits at once after a second interrupt", async () => {
    const { child, ended } = await started(`begin(); await sleep(1e8);`);
    child.kill("SIGINT");
    child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, NEXT_INTERRUPT_MS));
    expect(child.exitCode).to.equal(null);
    child.kill("SIGINT");
    expect((await ended).status).to.equal(130);
  });
  it("says so on standard error, as JSON with --json", async () => {
    for (const [flags, line] of [
      [[], /^stopping after the current step/],
      [["--json"], /^\{"notice":"STOPPING","message":"stopping/],
    ] as const) {
      const { child, ended } = await started(wait, ...flags);
      child.kill("SIGTERM");
      expect((await ended).err).to.match(line);
    }
  });
});
