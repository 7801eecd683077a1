import { join } from "node:path";

import { HDNodeWallet, Mnemonic } from "ethers";

import { LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";
import { writeDurably } from "../journal/durable-file.ts";

/** An account that local chains fund, and the file with its key. */
export interface LocalKey {
  readonly account: string;
  readonly keyFile: string;
}

/**
 * Writes the keys of the public test mnemonic's first accounts to `account-0`, `account-1` and so on, each in a file
 * that only its owner can read. Replaces earlier files.
 */
export async function writeLocalKeys(folder: string, count: number): Promise<readonly LocalKey[]> {
  const mnemonic = Mnemonic.fromPhrase(LOCAL_CHAIN_MNEMONIC);
  const keys: LocalKey[] = [];
  for (let index = 0; index < count; index++) {
    const { privateKey, address } = HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${index}`);
    const keyFile = join(folder, `account-${index}`);
    await writeDurably(keyFile, Buffer.from(`${privateKey}\n`));
    keys.push({ account: address, keyFile });
  }
  return keys;
}
