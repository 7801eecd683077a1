import { getAddress, isAddress } from "ethers";

import type { Contracts } from "./contracts.ts";
import { CommonweightError } from "../errors.ts";
import type { TokenFormat } from "../job-file/money.ts";

/** Upper bound on the decimals of real tokens; an untrusted token may return any number. */
const MAX_DECIMALS = 36n;

/** A token's contract and amount format. */
export interface TokenInfo {
  readonly address: string;
  readonly format: TokenFormat;
}

/**
 * Reads a token's amount format.
 *
 * @param token `native` for the native coin, or an address
 * @throws TOKEN_INVALID there is no ERC-20 token at the address
 */
export async function readToken(contracts: Contracts, token: string): Promise<TokenInfo> {
  const native = await contracts.wrappedNative.getAddress();
  if (token === "native" || token.toLowerCase() === native.toLowerCase()) {
    return { address: native, format: { decimals: 18, native: true, symbol: "coins" } };
  }
  if (!isAddress(token)) throw invalid(token);
  const contract = contracts.token(token);
  try {
    const [decimals, symbol] = await Promise.all([contract.decimals(), contract.symbol()]);
    if (decimals > MAX_DECIMALS) throw invalid(token);
    return { address: getAddress(token), format: { decimals: Number(decimals), symbol: plainSymbol(symbol) } };
  } catch (cause) {
    throw isNoAnswer(cause) ? invalid(token, cause) : cause;
  }
}

/** Reads the amount formats of tokens; one without a format is counted in its smallest unit. */
export async function readTokenFormats(
  contracts: Contracts,
  tokens: readonly string[],
): Promise<ReadonlyMap<string, TokenFormat>> {
  const formats = await Promise.all(
    tokens.map(async (token): Promise<[string, TokenFormat]> => {
      try {
        return [token, (await readToken(contracts, token)).format];
      } catch (error) {
        if (!(error instanceof CommonweightError) || error.code !== "TOKEN_INVALID") throw error;
        return [token, { decimals: 0, symbol: "units" }];
      }
    }),
  );
  return new Map(formats);
}

/** Whether the call failed because the contract reverted, is missing or returned malformed data. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "CALL_EXCEPTION" || error.code === "BAD_DATA");
}

function invalid(token: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "TOKEN_INVALID",
    `there is no ERC-20 token at ${token.slice(0, 100)}`,
    "Check the address and the chain, or use `native`.",
    { cause },
  );
}

/** An untrusted symbol, sanitised for a terminal. */
function plainSymbol(symbol: string): string {
  return symbol.replaceAll(/[^A-Za-z0-9.-]/g, "").slice(0, 16) || "tokens";
}
