import { CommonweightError } from "@commonweight/sdk/errors";
import { NO_PERMIT, readPermitToken, signPermit, type Permit, type PermitTerms } from "@commonweight/sdk/chain/permit";
import { readToken } from "@commonweight/sdk/chain/token-format";
import { showMoney } from "@commonweight/sdk/job-file/money";
import type { Outcome, Unfinished } from "../../chain/port.ts";
import type { WorkerModules } from "./modules.ts";
import { callOf, insist } from "./send.ts";

type TokenModules = Pick<WorkerModules, "chain" | "contracts" | "log">;

/** Validity of a permit, in seconds. */
const PERMIT_LIFETIME = 3_600n;

export interface ProvideOptions {
  /** Contract that may take the tokens. */
  readonly spender?: "market" | "registry";
  /** False for a call that is already encoded with its permit: tokens are then approved. */
  readonly permits?: boolean;
}

/**
 * Allows a contract, by default the market, to take `amount` of a token from this account: wraps missing native coins,
 * then signs a permit for exactly the amount, or approves it if the token does not support permits.
 *
 * @returns the permit to pass with the call
 * @throws TOKEN_BALANCE the account has too little · TOKEN_APPROVAL the token reverts
 */
export function provideToken(modules: TokenModules, { spender = "market", permits = true }: ProvideOptions = {}) {
  return async (address: string, amount: bigint, signal: AbortSignal): Promise<Permit> => {
    const { chain, contracts } = modules;
    const token = contracts.token(address);
    const missing = amount - (await token.balanceOf(chain.account));
    if (missing > 0n) await wrap(modules, address, missing, signal);

    const spenderAddress = await contracts[spender].getAddress();
    if ((await token.allowance(chain.account, spenderAddress)) >= amount) return NO_PERMIT;
    const allowance = { owner: chain.account, spender: spenderAddress, value: amount };
    const permit = permits ? await permitFor(modules, address, allowance, signal) : undefined;
    if (permit !== undefined) return permit;
    const call = await callOf(token.approve, spenderAddress, amount);
    requireIncluded(await insist(modules, call, signal), address);
    return NO_PERMIT;
  };
}

async function permitFor(
  { chain }: TokenModules,
  address: string,
  allowance: Pick<PermitTerms, "owner" | "spender" | "value">,
  signal: AbortSignal,
): Promise<Permit | undefined> {
  const token = await readPermitToken(chain.runner, chain.chainId, address, chain.account);
  if (token === undefined) return undefined;
  const { timestamp } = await chain.head(signal);
  const deadline = BigInt(timestamp) + PERMIT_LIFETIME;
  return signPermit(chain.signer, token.domain, { ...allowance, nonce: token.nonce, deadline });
}

async function wrap(modules: TokenModules, address: string, missing: bigint, signal: AbortSignal): Promise<void> {
  const { wrappedNative } = modules.contracts;
  if (address !== (await wrappedNative.getAddress())) {
    const { format } = await readToken(modules.contracts, address);
    throw new CommonweightError(
      "TOKEN_BALANCE",
      `the account lacks ${showMoney(missing, format)} (token ${address})`,
      "Send the tokens to the account first.",
      { amounts: { missing } },
    );
  }
  requireIncluded(await insist(modules, await callOf(wrappedNative.deposit, { value: missing }), signal), address);
}

function requireIncluded(outcome: Exclude<Outcome, Unfinished>, address: string): void {
  if (outcome.kind === "included") return;
  throw new CommonweightError(
    "TOKEN_APPROVAL",
    `the token ${address} refused: ${outcome.error}`,
    "Check that the address is an ERC-20 token that this account may use.",
  );
}
