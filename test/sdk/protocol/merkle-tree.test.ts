import { expect } from "chai";
import { AbiCoder, concat, id, keccak256, ZeroHash } from "ethers";

import { merkleTree } from "@commonweight/sdk/protocol/merkle-tree";

const LEAVES = Array.from({ length: 33 }, (_, index) => id(`leaf ${index}`));

/** OpenZeppelin's leaf hash: hashed twice, so that no inner node can be taken for a leaf. */
function leafHash(encoded: string): string {
  return keccak256(keccak256(encoded));
}

/** `Hashes.commutativeKeccak256`. */
function pair(a: string, b: string): string {
  return keccak256(BigInt(a) < BigInt(b) ? concat([a, b]) : concat([b, a]));
}

/** `MerkleProof.processProof`. */
function rootBy(proof: readonly string[], encoded: string): string {
  return proof.reduce(pair, leafHash(encoded));
}

describe("the Merkle tree", () => {
  const [a, b, c, d, e] = LEAVES.map(leafHash) as [string, string, string, string, string];

  it("has the root of OpenZeppelin's own example", () => {
    const encoded = [
      [`0x${"11".repeat(20)}`, 5_000_000_000_000_000_000n],
      [`0x${"22".repeat(20)}`, 2_500_000_000_000_000_000n],
    ].map((values) => AbiCoder.defaultAbiCoder().encode(["address", "uint256"], values));
    // Example of the README of @openzeppelin/merkle-tree.
    expect(merkleTree(encoded).root).to.equal("0xd4dee0beab2d53f2cc83e567171bd2820e49898130a22622b10ead383e90bd77");
  });

  it("hashes leaves twice and pairs in order", () => {
    expect(merkleTree(LEAVES.slice(0, 1)).root).to.equal(a);
    expect(merkleTree(LEAVES.slice(0, 2)).root).to.equal(pair(a, b));
    expect(merkleTree(LEAVES.slice(0, 2).toReversed()).root).to.equal(pair(a, b));
    expect(merkleTree(LEAVES.slice(0, 4)).root).to.equal(pair(pair(a, b), pair(c, d)));
  });

  it("takes the last node of an odd layer up as it is", () => {
    expect(merkleTree(LEAVES.slice(0, 3)).root).to.equal(pair(pair(a, b), c));
    expect(merkleTree(LEAVES.slice(0, 5)).root).to.equal(pair(pair(pair(a, b), pair(c, d)), e));
    expect(merkleTree(LEAVES.slice(0, 5)).proofOf(4)).to.deep.equal([pair(pair(a, b), pair(c, d))]);
    expect(merkleTree(LEAVES.slice(0, 3)).proofOf(0)).to.deep.equal([b, c]);
  });

  it("proves each leaf of a tree of any size, and no other", () => {
    for (let size = 1; size <= LEAVES.length; size++) {
      const leaves = LEAVES.slice(0, size);
      const { root, proofOf } = merkleTree(leaves);
      for (const [index, leaf] of leaves.entries()) {
        expect(rootBy(proofOf(index), leaf), `leaf ${index} of ${size}`).to.equal(root);
        expect(rootBy(proofOf(index), id("stranger"))).not.to.equal(root);
      }
    }
  });

  it("refuses to stand for nothing", () => {
    expect(() => merkleTree([])).to.throw(RangeError);
  });

  it("tells leaves of inner nodes", () => {
    const inner = concat(a < b ? [a, b] : [b, a]);
    expect(merkleTree([inner, LEAVES[2] ?? ZeroHash]).root).not.to.equal(merkleTree(LEAVES.slice(0, 3)).root);
  });
});
