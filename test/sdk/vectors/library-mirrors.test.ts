import { expect } from "chai";

import { openHarness, type OpenHarness } from "./harness.ts";
import { KINDS } from "./kinds.ts";
import { SEED, VECTORS } from "./settings.ts";

describe(`the libraries and their mirrors, ${VECTORS} vectors, seed ${SEED}`, function () {
  this.timeout(900_000);
  let open: OpenHarness;
  let compared = 0;

  before(async () => {
    open = await openHarness();
  });
  after(() => open.close());

  for (const kind of KINDS) {
    it(kind.name, async () => {
      const { mismatches, shown } = await kind.compare(open, SEED, VECTORS);
      expect(shown, `CW_SEED=${SEED} CW_VECTORS=${VECTORS}`).to.deep.equal([]);
      expect(mismatches).to.equal(0);
      compared += kind.cases(VECTORS);
    });
  }

  it("compared as many vectors as were asked for", () => {
    expect(compared).to.be.at.least(VECTORS);
  });
});
