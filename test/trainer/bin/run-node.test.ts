import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { expect } from "chai";

const RUN_NODE = new URL("../../../trainer/bin/run-node.mjs", import.meta.url).href;
/** Prints its process id, and ends with status 7 once a signal tells it to. */
const WORKER = `
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => (console.log(signal), process.exit(7)));
  }
  setInterval(() => {}, 1_000);
  console.log(process.pid);`;
/** Prints its process id, and has no handler of signals. */
const PLAIN = "setInterval(() => {}, 1_000); console.log(process.pid);";

describe("a program that runs in place of another", function () {
  this.timeout(120_000);
  const children = new Set<ChildProcess>();
  afterEach(() => children.forEach((child) => child.kill("SIGKILL")));

  /** Starts the outer process; gives it, the inner process' id and the lines that follow. */
  async function started(program: string) {
    const code = `
      const { runNode } = await import(${JSON.stringify(RUN_NODE)});
      await runNode(process.execPath, ["-e", ${JSON.stringify(program)}], {});`;
    const outer = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.add(outer);
    const lines = createInterface(outer.stdout)[Symbol.asyncIterator]();
    const inner = Number((await lines.next()).value);
    return { outer, inner, lines };
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`gets ${signal}, and its exit status is the outer one's`, async () => {
      const { outer, inner, lines } = await started(WORKER);
      outer.kill(signal);
      expect((await lines.next()).value).to.equal(signal);
      expect(await once(outer, "exit")).to.deep.equal([7, null]);
      expect(isAlive(inner)).to.equal(false);
    });
  }
  it("ends with 128 and the number of the signal that ended it", async () => {
    const { outer, inner } = await started(PLAIN);
    outer.kill("SIGTERM");
    expect(await once(outer, "exit")).to.deep.equal([143, null]);
    expect(isAlive(inner)).to.equal(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // ESRCH: there is no such process.
  }
}
