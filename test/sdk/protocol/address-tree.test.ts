import { expect } from "chai";
import { concat, getAddress, id, keccak256, zeroPadValue } from "ethers";

import { addressTree } from "@commonweight/sdk/protocol/address-tree";

const INVITED = Array.from({ length: 5 }, (_, index) => getAddress(id(`guest ${index}`).slice(0, 42)));
const STRANGER = getAddress(id("stranger").slice(0, 42));

/** The root that `JobBook.isInvited` computes from an address and a proof. */
function rootBy(proof: readonly string[], address: string): string {
  const leaf = keccak256(keccak256(zeroPadValue(address, 32)));
  return proof.reduce((node, next) => keccak256(concat(node < next ? [node, next] : [next, node])), leaf);
}

describe("the tree of the invited", () => {
  it("proves everyone invited, in whatever writing", () => {
    const { root, proofOf } = addressTree(INVITED);
    for (const address of INVITED) {
      expect(rootBy(proofOf(address) ?? [], address)).to.equal(root);
      expect(proofOf(address.toLowerCase())).to.deep.equal(proofOf(address));
    }
  });

  it("has no proof for a stranger, and nobody else's helps it", () => {
    const { root, proofOf } = addressTree(INVITED);
    expect(proofOf(STRANGER)).to.equal(undefined);
    for (const address of INVITED) expect(rootBy(proofOf(address) ?? [], STRANGER)).not.to.equal(root);
  });

  it("is the same in any order, with repetitions and in any writing", () => {
    const { root } = addressTree(INVITED);
    expect(addressTree(INVITED.toReversed()).root).to.equal(root);
    expect(addressTree([...INVITED, ...INVITED.slice(1)]).root).to.equal(root);
    expect(addressTree(INVITED.map((address) => address.toLowerCase())).root).to.equal(root);
    expect(addressTree([...INVITED, STRANGER]).root).not.to.equal(root);
  });

  it("is one leaf where one is invited", () => {
    const { root, proofOf } = addressTree([STRANGER]);
    expect(root).to.equal(rootBy([], STRANGER));
    expect(proofOf(STRANGER)).to.deep.equal([]);
  });

  it("refuses what is no address, and an empty list", () => {
    expect(() => addressTree(["0x12"])).to.throw();
    expect(() => addressTree([])).to.throw(RangeError);
  });
});
