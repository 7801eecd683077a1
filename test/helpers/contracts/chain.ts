import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";

/** A connection to a new in-memory chain, with the plugins' helpers. */
export type Connection = Awaited<ReturnType<typeof connect>>;

export type Signer = HardhatEthersSigner;

/** A chain and its accounts. Connect once per test file: each connection opens its own chain. */
export interface Chain {
  readonly ethers: Connection["ethers"];
  readonly helpers: Connection["networkHelpers"];
  readonly signers: readonly Signer[];
}

/** Opens a new chain with `accounts` funded accounts (default 20). */
export async function openChain(accounts = 20): Promise<Chain> {
  const { ethers, networkHelpers } = await connect(accounts);
  return { ethers, helpers: networkHelpers, signers: await ethers.getSigners() };
}

/** Returns the element at `index`, which must exist. */
export function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`no item ${index} among ${list.length}`);
  return item;
}

function connect(accounts: number) {
  const mnemonic = "test test test test test test test test test test test junk";
  return network.connect({ network: "default", override: { accounts: { mnemonic, count: accounts } } });
}
