import { AbiCoder, computeHmac } from "ethers";

/** What a salt is for: everything that a commitment is bound to, and who seals. */
export interface SaltContext {
  readonly chainId: bigint;
  /** Contract that opens the commitment. */
  readonly contract: string;
  readonly jobId: bigint;
  readonly round: number;
  /** 1 or 2; 0 for an update, which has none. */
  readonly attempt: number;
  readonly role: "trainer" | "validator";
}

const DOMAIN = "Commonweight salt, version 1";
const TYPES = ["string", "uint256", "address", "uint256", "uint256", "uint256", "string"];

/**
 * Derives the salt of a commitment from the account's own key, so that whoever has the key can open it, a worker with a
 * new disk too: HMAC-SHA256 (RFC 2104) as a pseudo-random function, which tells nothing of the key and nothing of other
 * salts.
 *
 * @param privateKey 32 bytes, `0x` and 64 hexadecimal digits
 * @returns 32 bytes, `0x` and 64 hexadecimal digits
 */
export function saltOf(privateKey: string, context: SaltContext): string {
  const { chainId, contract, jobId, round, attempt, role } = context;
  const message = AbiCoder.defaultAbiCoder().encode(TYPES, [DOMAIN, chainId, contract, jobId, round, attempt, role]);
  return computeHmac("sha256", privateKey, message);
}
