import { expect } from "chai";

import { inputUseOf } from "../../../trainer/data/input-use.ts";

describe("what a data set tells the users of a model", () => {
  it("is nothing where every trainer uses its own data", () => {
    expect(inputUseOf(undefined)).to.deep.equal({
      ...{ classNames: undefined, columnNames: undefined, scaling: undefined },
    });
  });

  it("is one divisor, or a mean and a scale for each column", () => {
    expect(inputUseOf({ version: 1, scale: 16 }).scaling).to.deep.equal({ kind: "divisor", divisor: 16 });
    const scaling = { kind: "columns", means: [1, 2], scales: [3, 4] };
    expect(inputUseOf({ version: 1, scaling }).scaling).to.deep.equal(scaling);
  });

  it("is the classes' names, unless they are only numbered", () => {
    expect(inputUseOf({ classNames: ["cat", "dog"] }).classNames).to.deep.equal(["cat", "dog"]);
    expect(inputUseOf({ classNames: ["0", "1"] }).classNames).to.equal(undefined);
  });

  it("is the names of a sample's values, in order", () => {
    expect(inputUseOf({ columnNames: ["width", "height"] }).columnNames).to.deep.equal(["width", "height"]);
  });
});
