import { join } from "node:path";

const ADDRESS = /^0x[0-9a-f]{40}$/u;

/**
 * Path of an account's journal: one file for each chain, contract and account, with addresses in lower case, so that
 * one key never uses two journals in a folder.
 */
export function journalPath(folder: string, chainId: bigint, contract: string, account: string): string {
  return join(folder, `journal-${chainId}-${plain(contract)}-${plain(account)}.sqlite`);
}

function plain(address: string): string {
  const lower = address.toLowerCase();
  if (!ADDRESS.test(lower)) throw new TypeError(`not an address: ${address.slice(0, 100)}`);
  return lower;
}
