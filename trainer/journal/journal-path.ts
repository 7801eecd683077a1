import { join } from "node:path";

const ADDRESS = /^0x[0-9a-f]{40}$/u;
const HASH = /^0x[0-9a-f]{64}$/iu;
/** Digits of the block's hash in the name. */
const BLOCK_DIGITS = 16;

/** What a journal is about. */
export interface JournalSubject {
  readonly chainId: bigint;
  readonly contract: string;
  /** Hash of the block of the contract's deployment: tells a local chain from the one that ran before it. */
  readonly deploymentBlock: string;
  readonly account: string;
}

/**
 * Path of an account's journal: one file for each chain, contract, deployment and account, with addresses in lower
 * case, so that one key never uses two journals in a folder.
 */
export function journalPath(folder: string, subject: JournalSubject): string {
  const { chainId, contract, deploymentBlock, account } = subject;
  if (!HASH.test(deploymentBlock)) throw new TypeError(`not a block's hash: ${deploymentBlock.slice(0, 100)}`);
  const block = deploymentBlock.slice(2, 2 + BLOCK_DIGITS).toLowerCase();
  return join(folder, `journal-${chainId}-${plain(contract)}-${block}-${plain(account)}.sqlite`);
}

function plain(address: string): string {
  const lower = address.toLowerCase();
  if (!ADDRESS.test(lower)) throw new TypeError(`not an address: ${address.slice(0, 100)}`);
  return lower;
}
