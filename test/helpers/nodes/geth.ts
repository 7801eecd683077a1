import { HDNodeWallet, Mnemonic, parseEther } from "ethers";

import { GETH_DEVELOPER_CHAIN_ID, LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";
import type { LocalChain } from "../../../trainer/local-chain/local-chain.ts";
import { providerOf, startNodeProcess } from "./node-process.ts";

const ACCOUNTS = 40;
const COINS = parseEther("10000");

/**
 * Starts geth's developer chain in memory on a free loopback port, with a block every second, and funds the accounts of
 * the test mnemonic as other local nodes do. End it with `stop()`.
 *
 * @param path geth's program
 */
export async function startGeth(path: string): Promise<LocalChain> {
  const chain = await startNodeProcess({
    path,
    chainId: GETH_DEVELOPER_CHAIN_ID,
    argumentsFor: (port) => [
      ...["--dev", "--dev.period", "1", "--verbosity", "1", "--ipcdisable"],
      ...["--nodiscover", "--maxpeers", "0", "--port", "0", "--authrpc.port", "0"],
      ...["--http", "--http.addr", "127.0.0.1", "--http.port", String(port), "--http.api", "eth,net,web3"],
    ],
  });
  try {
    await fundAccounts(chain);
    return chain;
  } catch (error) {
    await chain.stop();
    throw error;
  }
}

/** Sends coins from the node's own account, the only one with coins, to each account of the test mnemonic. */
async function fundAccounts(chain: LocalChain): Promise<void> {
  const provider = providerOf(chain);
  try {
    const rich = await provider.getSigner(0);
    const mnemonic = Mnemonic.fromPhrase(LOCAL_CHAIN_MNEMONIC);
    const hashes: string[] = [];
    for (let index = 0; index < ACCOUNTS; index++) {
      const { address: to } = HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${index}`);
      hashes.push(await rich.sendUncheckedTransaction({ to, value: COINS }));
    }
    for (const hash of hashes) await provider.waitForTransaction(hash);
  } finally {
    provider.destroy();
  }
}
