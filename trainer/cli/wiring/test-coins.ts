import { HDNodeWallet, JsonRpcApiProvider, type ContractRunner, type Provider, type Signer } from "ethers";

import { LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";
import { CommonweightError } from "@commonweight/sdk/errors";

/**
 * Sends coins from an account that a local chain funds; returns the receiver's balance in wei.
 *
 * @throws FAUCET_EMPTY
 */
export async function sendTestCoins(runner: ContractRunner, to: string, amount: bigint): Promise<bigint> {
  const { provider } = runner;
  if (provider === null || provider === undefined) throw new TypeError("the chain cannot be read");
  const rich = await richAccount(provider, amount);
  await (await rich.sendTransaction({ to, value: amount })).wait();
  return provider.getBalance(to);
}

/** The first account with more than `amount` wei: the test mnemonic's, or one of the node's own, as geth's has. */
async function richAccount(provider: Provider, amount: bigint): Promise<Signer> {
  const own = provider instanceof JsonRpcApiProvider ? await provider.listAccounts() : [];
  for (const account of [HDNodeWallet.fromPhrase(LOCAL_CHAIN_MNEMONIC).connect(provider), ...own]) {
    if ((await provider.getBalance(account)) > amount) return account;
  }
  throw new CommonweightError(
    "FAUCET_EMPTY",
    "the local chain's test accounts have too few coins",
    "Request fewer, or restart the local chain.",
  );
}
