import { CommonweightError } from "../../sdk/errors.ts";
import type { Outcome } from "../chain/port.ts";
import type { WorkerModules } from "./modules.ts";
import { callOf, send } from "./send.ts";

type Modules = Pick<WorkerModules, "chain" | "contracts" | "log">;

/**
 * Makes sure that a contract, by default the market, may take `amount` of a token from this account: wraps native coins
 * that are missing, and approves exactly the amount.
 *
 * @throws TOKEN_BALANCE the account has too little · TOKEN_APPROVAL the token refuses
 */
export function provideToken(modules: Modules, spender: "market" | "registry" = "market") {
  return async (address: string, amount: bigint, signal: AbortSignal): Promise<void> => {
    const { chain, contracts } = modules;
    const token = contracts.token(address);
    const missing = amount - (await token.balanceOf(chain.account));
    if (missing > 0n) await wrap(modules, address, missing, signal);

    const spenderAddress = await contracts[spender].getAddress();
    if ((await token.allowance(chain.account, spenderAddress)) >= amount) return;
    const call = await callOf(token, "approve", [spenderAddress, amount]);
    requireIncluded(await send(modules, call, signal), address);
  };
}

async function wrap(modules: Modules, address: string, missing: bigint, signal: AbortSignal): Promise<void> {
  const { wrappedNative } = modules.contracts;
  if (address !== (await wrappedNative.getAddress())) {
    throw new CommonweightError(
      "TOKEN_BALANCE",
      `the account lacks ${missing} smallest units of the token ${address}`,
      "Send the tokens to the account first.",
    );
  }
  requireIncluded(await send(modules, await callOf(wrappedNative, "deposit", [], missing), signal), address);
}

function requireIncluded(outcome: Outcome, address: string): void {
  if (outcome.kind === "included") return;
  throw new CommonweightError(
    "TOKEN_APPROVAL",
    `the token ${address} refused: ${outcome.error}`,
    "Check that the address is an ERC-20 token that this account may use.",
  );
}
