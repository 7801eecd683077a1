import { expect } from "chai";

import { dirichlet } from "../../../trainer/data/dirichlet.ts";
import { hashStream } from "../../../trainer/random/hash-stream.ts";

describe("the Dirichlet distribution", () => {
  it("has the mean and the variance of its definition", () => {
    const random = hashStream("d", "u");
    const draws = Array.from({ length: 20_000 }, () => dirichlet([0.5, 1.5, 2], random));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const [at, expected] of [0.125, 0.375, 0.5].entries()) {
      const own = draws.map((draw) => draw[at] ?? 0);
      expect(mean(own)).to.be.closeTo(expected, 0.006);
      const variance = mean(own.map((value) => (value - expected) ** 2));
      expect(variance).to.be.closeTo((expected * (1 - expected)) / 5, 0.003);
    }
  });

  it("does not break down for tiny concentrations", () => {
    const random = hashStream("d", "v");
    for (let draw = 0; draw < 1_000; draw++) {
      const shares = dirichlet([1e-5, 1e-5, 0], random);
      expect(shares.reduce((sum, share) => sum + share, 0)).to.be.closeTo(1, 1e-12);
    }
  });
});
