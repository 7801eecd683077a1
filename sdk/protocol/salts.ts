import { AbiCoder, computeHmac } from "ethers";

/** Everything that a commitment is bound to, and the sealer's role. */
export interface SaltContext {
  readonly chainId: bigint;
  /** Contract that checks the opening. */
  readonly contract: string;
  readonly jobId: bigint;
  readonly round: number;
  /** 1 or 2; 0 for an update, which has no attempt. */
  readonly attempt: number;
  readonly role: "trainer" | "validator";
}

const DOMAIN = "Commonweight salt, version 1";
const TYPES = ["string", "uint256", "address", "uint256", "uint256", "uint256", "string"];

/**
 * Derives a commitment's salt from the account's private key, with HMAC-SHA256 (RFC 2104) as a pseudo-random function:
 * a worker that lost its disk can still open the commitment. A salt reveals nothing about the key or other salts.
 *
 * @param privateKey 32 bytes, `0x` and 64 hexadecimal digits
 * @returns 32 bytes, `0x` and 64 hexadecimal digits
 */
export function saltOf(privateKey: string, context: SaltContext): string {
  const { chainId, contract, jobId, round, attempt, role } = context;
  const message = AbiCoder.defaultAbiCoder().encode(TYPES, [DOMAIN, chainId, contract, jobId, round, attempt, role]);
  return computeHmac("sha256", privateKey, message);
}
