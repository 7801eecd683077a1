import { readFile } from "node:fs/promises";

import { expect } from "chai";

import { GAS } from "../../../../trainer/roles/initiator/gas-table.ts";

/** For each figure of the table, rows of `contracts/gas-snapshot.json` and how often each is counted. */
const MEASURED = {
  postJob: ["post a job", 1],
  joinJob: ["join", 1],
  commitUpdate: ["seal an update", 1],
  revealUpdate: ["disclose an update", 1],
  stake: ["stake", 1],
  enlist: ["enlist", 1],
  openRound: ["open a round", 1],
  drawCommittee: ["draw the committee", 1],
  commitScores: ["seal scores", 1],
  revealScores: ["reveal 16 scores", 1],
  tally: ["tally, an update", 16],
  attestModel: ["attest", 1],
  settle: ["settle", 1],
  withdraw: ["withdraw", 1],
} as const;
/** Tolerance for rounding and for changes of the snapshot. */
const TOLERANCE = 0.05;

describe("what a quote assumes of gas", () => {
  it("is what was measured last", async () => {
    const url = new URL("../../../../contracts/gas-snapshot.json", import.meta.url);
    const snapshot = JSON.parse(await readFile(url, "utf8")) as Readonly<Record<string, number>>;
    for (const [call, [row, times]] of Object.entries(MEASURED)) {
      const measured = times * snapshot[row]!;
      expect(GAS[call as keyof typeof MEASURED], call).to.be.closeTo(measured, TOLERANCE * measured);
    }
  });
});
