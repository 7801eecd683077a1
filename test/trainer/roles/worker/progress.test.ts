import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { silentLog } from "../../../../trainer/log.ts";
import { withProgress } from "../../../../trainer/roles/worker/status/progress.ts";

describe("work that takes long", () => {
  it("is logged with what is done, until it ends", async () => {
    const lines: object[] = [];
    const log = { ...silentLog, info: (context: object, message: string) => lines.push({ ...context, message }) };
    const run = async (report: (share: number) => void) => {
      await sleep(60);
      report(0.505);
      await sleep(60);
      return 7;
    };
    const work = { message: "still training", context: { round: 2 }, run };
    expect(await withProgress(log, work, 20)).to.equal(7);
    const count = lines.length;
    expect(lines[0]).to.deep.equal({ round: 2, seconds: 0, message: "still training" });
    expect(lines.at(-1)).to.deep.equal({ round: 2, seconds: 0, percent: 50, message: "still training" });
    await sleep(60);
    expect(lines).to.have.lengthOf(count);
  });
});
