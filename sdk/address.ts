import { isAddress } from "ethers";
import { z } from "zod";

const SHAPE = /^0x[0-9a-fA-F]{40}$/;

/** Reason and fix for an address whose capital letters contradict its checksum. */
const CHECKSUM = {
  error: "the address has a typing mistake: its checksum does not match",
  params: { fix: "Copy the address again; one in small letters alone is not checked." },
} as const;

/**
 * An Ethereum address: `0x` and 40 hexadecimal digits. Mixed case must match the checksum of EIP-55; small or capital
 * letters alone have none.
 */
export const addressText = z
  .string()
  .regex(SHAPE, "expected an address: 0x and 40 hexadecimal digits")
  .refine(fitsChecksum, CHECKSUM);

/** A token: `native` for the native coin, or the address of its contract. */
export const tokenText = z
  .string()
  .regex(/^(native|0x[0-9a-fA-F]{40})$/, "expected native or a token's address")
  .refine(fitsChecksum, CHECKSUM);

/** False only for an address whose checksum does not match; other checks refuse other forms. */
function fitsChecksum(text: string): boolean {
  return !SHAPE.test(text) || isAddress(text);
}
