import { expect } from "chai";

import { addressText, tokenText } from "@commonweight/sdk/address";
import { deploymentOf } from "@commonweight/sdk/chain/deployment";
import { CommonweightError } from "@commonweight/sdk/errors";

const GOOD = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
/** The last letter in the wrong case. */
const MISTYPED = "0x70997970C51812dc3A010C7d01b50e0d17dc79c8";

describe("an address from outside", () => {
  const reasons = (text: string) => addressText.safeParse(text).error?.issues.map(({ message }) => message) ?? [];

  it("with a wrong checksum is refused as a typing mistake", () => {
    expect(reasons(MISTYPED)).to.have.lengthOf(1);
    expect(reasons(MISTYPED)[0]).to.contain("typing mistake");
    const [issue] = tokenText.safeParse(MISTYPED).error?.issues ?? [];
    expect(issue?.message).to.contain("typing mistake");
  });
  it("of another form is refused, with the form", () => {
    for (const text of ["", "0x12", GOOD.slice(2), `${GOOD}0`, `XE7338O073KYGTWWZN0F2WZ0R8PX5ZPPZS`, ` ${GOOD}`]) {
      expect(reasons(text), text).to.have.lengthOf(1);
      expect(reasons(text)[0], text).to.contain("40 hexadecimal digits");
    }
    expect(tokenText.safeParse("nativ").error?.issues[0]?.message).to.equal("expected native or a token's address");
  });
  it("is accepted with its checksum, and in small or capital letters alone", () => {
    const capitals = `0x${GOOD.slice(2).toUpperCase()}`;
    for (const text of [GOOD, GOOD.toLowerCase(), capitals]) expect(addressText.parse(text)).to.equal(text);
    expect(tokenText.parse("native")).to.equal("native");
  });
  it("in a deployment's file names its key", () => {
    try {
      deploymentOf({ market: MISTYPED });
    } catch (error) {
      if (!(error instanceof CommonweightError)) throw error;
      expect(error.code).to.equal("DEPLOYMENT_INVALID");
      expect(error.message).to.match(/typing mistake[^\n]*\n[^\n]*market/);
    }
  });
});
