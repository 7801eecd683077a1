import type { Contracts } from "./contracts.ts";
import { CommonweightError } from "./errors.ts";
import type { TokenFormat } from "./money.ts";

/** More decimals than any token has; a stranger's token may say anything. */
const MAX_DECIMALS = 36n;

/** A token's contract and how its amounts are written. */
export interface TokenInfo {
  readonly address: string;
  readonly format: TokenFormat;
}

/**
 * Finds out how a token writes its amounts.
 *
 * @param token `native` for the native coin, or an address
 * @throws TOKEN_INVALID there is no ERC-20 token at the address
 */
export async function readToken(contracts: Contracts, token: string): Promise<TokenInfo> {
  const native = await contracts.wrappedNative.getAddress();
  if (token === "native" || token.toLowerCase() === native.toLowerCase()) {
    return { address: native, format: { decimals: 18, native: true, symbol: "coins" } };
  }
  const contract = contracts.token(token);
  try {
    const [decimals, symbol] = await Promise.all([contract.decimals(), contract.symbol()]);
    if (decimals > MAX_DECIMALS) throw new RangeError(`${decimals} decimals`);
    return {
      address: await contract.getAddress(),
      format: { decimals: Number(decimals), symbol: plainSymbol(symbol) },
    };
  } catch (cause) {
    throw new CommonweightError(
      "TOKEN_INVALID",
      `there is no ERC-20 token at ${token}`,
      "Check the address and the chain, or use `native`.",
      { cause },
    );
  }
}

/** A stranger's text, made fit for a terminal. */
function plainSymbol(symbol: string): string {
  return symbol.replaceAll(/[^A-Za-z0-9.-]/g, "").slice(0, 16) || "tokens";
}
