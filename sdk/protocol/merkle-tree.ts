import { concat, keccak256 } from "ethers";

/** A Merkle tree as OpenZeppelin's `MerkleProof` checks it: sorted pairs, leaves hashed twice. */
export interface MerkleTree {
  /** 32 bytes, hexadecimal. */
  readonly root: string;
  /** Gives the proof of the leaf at `index`, from the bottom up. */
  proofOf(index: number): readonly string[];
}

/**
 * Builds the tree over encoded leaves, in their order.
 *
 * `@openzeppelin/merkle-tree` hashes the same leaves and pairs, but pairs other nodes with each other: the roots of 5,
 * 7 or 9 leaves differ, and would change the roots of jobs. It also brings 36 packages (20 MB) into a bundle for
 * browsers.
 *
 * @param encoded what each leaf stands for, as `abi.encode` gives it; one or more
 */
export function merkleTree(encoded: readonly string[]): MerkleTree {
  const layers = [encoded.map((leaf) => keccak256(keccak256(leaf)))];
  for (let layer = layers[0] ?? []; layer.length > 1;) {
    layer = pairsOf(layer);
    layers.push(layer);
  }
  const root = layers.at(-1)?.[0];
  if (root === undefined) throw new RangeError("a tree without leaves has no root");
  return {
    root,
    proofOf: (index) =>
      layers.slice(0, -1).flatMap((layer, height) => layer[Math.floor(index / 2 ** height) ^ 1] ?? []),
  };
}

/** A layer's parents; a node without a sibling goes up as it is. */
function pairsOf(layer: readonly string[]): string[] {
  return layer.flatMap((left, index) => {
    if (index % 2 === 1) return [];
    const right = layer[index + 1];
    if (right === undefined) return [left];
    return [keccak256(concat(left < right ? [left, right] : [right, left]))];
  });
}
