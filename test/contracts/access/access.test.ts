import { expect } from "chai";

import { changingFunctions, gapsOf } from "./functions.ts";
import { tryAccess } from "./matrix.ts";
import { ROLES, STAGES } from "./roles.ts";
import { TABLE } from "./table.ts";

describe("Access: every function that changes state, in every role, at every stage of a job", function () {
  this.timeout(600_000);

  it("succeeds where the table says so and nowhere else", async () => {
    const { unexpected, cells, granted } = await tryAccess();
    expect(unexpected).to.deep.equal([]);
    expect(cells).to.equal(Object.keys(TABLE).length * ROLES.length * STAGES.length);
    expect(granted).to.be.greaterThan(0);
  });

  it("has a row for each function, and a function for each row", async () => {
    expect(gapsOf(await changingFunctions(), TABLE)).to.deep.equal([]);
  });

  it("notices a function without a row, and a row without a function", async () => {
    const functions = await changingFunctions();
    const gaps = gapsOf([...functions.slice(1), "TrainingMarket.takeAll"], TABLE);
    expect(gaps).to.deep.equal(["TrainingMarket.takeAll has no row", `row ${functions[0]} has no function`]);
  });
});
