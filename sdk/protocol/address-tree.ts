import { AbiCoder, getAddress } from "ethers";

import { merkleTree } from "./merkle-tree.ts";

/** The tree over the addresses that a job invites (`JobBook.isInvited`). */
export interface AddressTree {
  readonly root: string;
  /** Returns the proof that an address is invited; `undefined` if it is not. */
  proofOf(address: string): readonly string[] | undefined;
}

/** Builds the tree over invited addresses; their order makes no difference. */
export function addressTree(addresses: readonly string[]): AddressTree {
  const sorted = [...new Set(addresses.map((address) => getAddress(address)))].sort();
  const tree = merkleTree(sorted.map((address) => AbiCoder.defaultAbiCoder().encode(["address"], [address])));
  return {
    root: tree.root,
    proofOf(address) {
      const index = sorted.indexOf(getAddress(address));
      return index === -1 ? undefined : tree.proofOf(index);
    },
  };
}
