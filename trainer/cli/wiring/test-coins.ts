import { HDNodeWallet, type ContractRunner } from "ethers";

import { LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";
import { CommonweightError } from "@commonweight/sdk/errors";

/** Sends coins from a local chain's pre-funded account; returns the receiver's balance in wei. */
export async function sendTestCoins(runner: ContractRunner, to: string, amount: bigint): Promise<bigint> {
  const { provider } = runner;
  if (provider === null || provider === undefined) throw new TypeError("the chain cannot be read");
  const rich = HDNodeWallet.fromPhrase(LOCAL_CHAIN_MNEMONIC).connect(provider);
  if ((await provider.getBalance(rich.address)) <= amount) {
    throw new CommonweightError(
      "FAUCET_EMPTY",
      "the local chain's test account has too few coins",
      "Request fewer, or restart the local chain.",
    );
  }
  await (await rich.sendTransaction({ to, value: amount })).wait();
  return provider.getBalance(to);
}
