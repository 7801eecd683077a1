import { Signature, ZeroHash, type TypedDataDomain } from "ethers";

/** A signed allowance (EIP-2612) as the contracts take it; `deadline` 0 stands for none. */
export interface Permit {
  readonly deadline: bigint;
  readonly v: number;
  readonly r: string;
  readonly s: string;
}

/** Says that the allowance was given before, by `approve`. */
export const NO_PERMIT: Permit = { deadline: 0n, v: 0, r: ZeroHash, s: ZeroHash };

const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** What a permit allows, and until when. */
export interface PermitTerms {
  readonly owner: string;
  readonly spender: string;
  /** In the token's smallest unit. */
  readonly value: bigint;
  /** The token's `nonces(owner)`. */
  readonly nonce: bigint;
  /** In seconds since 1970. */
  readonly deadline: bigint;
}

/** Whoever can sign EIP-712 data; any ethers signer. */
export interface TypedDataSigner {
  signTypedData(
    domain: TypedDataDomain,
    types: typeof TYPES,
    value: Readonly<Record<string, unknown>>,
  ): Promise<string>;
}

/**
 * Signs an allowance for one transaction (EIP-2612), so that posting, joining and staking need no `approve` before.
 *
 * @param domain the token's EIP-712 domain, as its `eip712Domain` says it
 */
export async function signPermit(
  signer: TypedDataSigner,
  domain: TypedDataDomain,
  terms: PermitTerms,
): Promise<Permit> {
  const { v, r, s } = Signature.from(await signer.signTypedData(domain, TYPES, { ...terms }));
  return { deadline: terms.deadline, v, r, s };
}
