import { expect } from "chai";

import { CommonweightError } from "@commonweight/sdk/errors";
import { oneAtATime } from "../../../../trainer/engine/one-at-a-time.ts";
import type { Engine } from "../../../../trainer/engine/port.ts";
import { silentLog } from "../../../../trainer/log.ts";
import { runEach } from "../../../../trainer/roles/worker/run-each.ts";

describe("a worker with several jobs", () => {
  it("goes on with the others where one fails, and then says so", async () => {
    const lines: object[] = [];
    const log = { ...silentLog, warn: (context: object) => void lines.push(context) };
    const ended: bigint[] = [];
    const run = async (jobId: bigint) => {
      if (jobId === 1n) throw new CommonweightError("JOB_UNKNOWN", "no such job", "Look for another.");
      await new Promise((resolve) => setTimeout(resolve, 5));
      ended.push(jobId);
    };
    let code = "none";
    try {
      await runEach([1n, 2n, 3n], log, run);
    } catch (error) {
      if (error instanceof CommonweightError) code = error.code;
    }
    expect([code, ended, lines.length]).to.deep.equal(["JOB_UNKNOWN", [2n, 3n], 1]);
  });

  it("computes for one job after another", async () => {
    let [running, most] = [0, 0];
    const work = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (running-- === 1 && most === 0) throw new Error("never");
      return { loss: 0, correct: 0, count: 0 };
    };
    // Cast: only `evaluate` is called.
    const engine = oneAtATime({ evaluate: work } as unknown as Engine);
    const signal = new AbortController().signal;
    const input = undefined as never;
    await Promise.all([1, 2, 3].map(() => engine.evaluate(input, signal)));
    expect(most).to.equal(1);
    const aborted = AbortSignal.abort();
    const failed = await engine.evaluate(input, aborted).then(
      () => false,
      () => true,
    );
    expect(failed).to.equal(true);
    expect((await engine.evaluate(input, signal)).count).to.equal(0);
  });
});
