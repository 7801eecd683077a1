import { formatUnits, parseUnits } from "ethers";

import { CommonweightError } from "../errors.ts";
import { MAX_AMOUNT } from "../protocol/limits.ts";

/** A plain decimal number with an optional unit. */
const AMOUNT = /^(\d{1,40}(?:\.\d{1,40})?)(?:\s*([A-Za-z][A-Za-z0-9]{0,15}))?$/;
/** The native coin's units, as decimals. */
const NATIVE_UNITS: Readonly<Record<string, number>> = { wei: 0, gwei: 9, ether: 18, eth: 18 };

/**
 * A token's amount format. An amount may end in `symbol` or, for the native coin, in `wei`, `gwei`, `ether` or `eth`.
 */
export interface TokenFormat {
  /** Decimal places of a whole token. */
  readonly decimals: number;
  readonly symbol?: string;
  readonly native?: boolean;
}

/**
 * Parses an amount such as `10`, `0.25`, `1.5 USDC` or `30 gwei`; without a unit it counts whole tokens.
 *
 * @returns the amount in the token's smallest unit
 * @throws MONEY_INVALID not an amount, finer than the token's smallest unit, or above `MAX_AMOUNT`
 */
export function parseMoney(text: string, token: TokenFormat): bigint {
  const [, number, unit] = AMOUNT.exec(text.trim()) ?? [];
  if (number === undefined) throw invalid(text, "it is not a decimal number");
  const decimals = decimalsOf(unit, token);
  if (decimals === undefined) throw invalid(text, `the unit ${unit} is unknown`);
  const fraction = (number.split(".")[1] ?? "").replace(/0+$/, "");
  if (fraction.length > decimals) throw invalid(text, `it has more than ${decimals} decimal places`);
  const amount = parseUnits(fraction === "" ? (number.split(".")[0] ?? "0") : trimmed(number), decimals);
  if (amount > MAX_AMOUNT) throw invalid(text, "it is more than 2^111 of the token's smallest unit");
  return amount;
}

/** Writes an amount exactly, in whole tokens, without trailing zeros: `0.25 USDC`. */
export function formatMoney(amount: bigint, token: TokenFormat): string {
  const number = formatUnits(amount, token.decimals).replace(/\.0$/, "");
  return token.symbol === undefined ? number : `${number} ${token.symbol}`;
}

/** Significant digits of an amount that a person reads. */
const SHOWN_DIGITS = 6;

/**
 * Writes an amount for a person to read, in whole tokens and rounded to six significant digits: `1.12346 USDC`. Digits
 * before the point are never rounded. {@link formatMoney} is exact.
 */
export function showMoney(amount: bigint, token: TokenFormat): string {
  const unit = 10n ** BigInt(token.decimals);
  const magnitude = amount < 0n ? -amount : amount;
  // Leading zeros are no significant digits: 0.00123 has three.
  const places =
    magnitude >= unit ? SHOWN_DIGITS - `${magnitude / unit}`.length : SHOWN_DIGITS + zerosOf(magnitude, unit);
  const step = 10n ** BigInt(Math.max(0, token.decimals - Math.max(0, places)));
  const rounded = ((magnitude + step / 2n) / step) * step;
  return formatMoney(amount < 0n ? -rounded : rounded, token);
}

/** Zeros between the point and the first other digit of an amount below one whole token. */
function zerosOf(amount: bigint, unit: bigint): number {
  return `${unit}`.length - 1 - `${amount}`.length;
}

/** Whether a text has the form of an amount, whatever its token. */
export function looksLikeMoney(text: string): boolean {
  return AMOUNT.test(text.trim());
}

function decimalsOf(unit: string | undefined, token: TokenFormat): number | undefined {
  if (unit === undefined || unit.toLowerCase() === token.symbol?.toLowerCase()) return token.decimals;
  return token.native === true ? NATIVE_UNITS[unit.toLowerCase()] : undefined;
}

function trimmed(number: string): string {
  return number.replace(/0+$/, "");
}

function invalid(text: string, reason: string): CommonweightError {
  return new CommonweightError(
    "MONEY_INVALID",
    `"${text.slice(0, 60)}" is not an amount: ${reason}`,
    "Write whole tokens such as 10 or 0.25, or a number with the token's symbol; wei, gwei and ether are units of the native coin.",
  );
}
