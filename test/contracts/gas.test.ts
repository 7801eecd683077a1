import { readFile } from "node:fs/promises";

import { expect } from "chai";

import { GAS_SNAPSHOT, type GasRow, measureGas, notFlat } from "./gas/measure.ts";

/** Maximum relative change of a figure; larger changes must be recorded with `npm run gas -- --write`. */
const TOLERANCE = 0.02;
/** A draw's gas varies with its seed, because a place that is drawn twice is read once. */
const OF_A_DRAW = 0.05;

describe("What transactions cost", function () {
  this.timeout(600_000);
  let rows: readonly GasRow[];
  before(async () => {
    rows = await measureGas();
  });

  it("is within its targets", () => {
    expect(rows.filter(({ measured, target }) => measured > target)).to.deep.equal([]);
  });

  it("does not grow with the number of participants", () => {
    expect(notFlat(rows)).to.deep.equal([]);
  });

  it("is within 2 % of the snapshot, and within 5 % for draws", async () => {
    const snapshot = JSON.parse(await readFile(GAS_SNAPSHOT, "utf8")) as Record<string, number>;
    expect(rows.map(({ name }) => name)).to.deep.equal(Object.keys(snapshot));
    const moved = rows.filter(({ name, measured }) => {
      const before = snapshot[name] ?? 0;
      const tolerance = name.startsWith("draw the committee") ? OF_A_DRAW : TOLERANCE;
      return Math.abs(measured - before) > tolerance * before;
    });
    expect(moved).to.deep.equal([]);
  });
});
