import { Contract, Signature, ZeroHash, isError, type ContractRunner, type TypedDataDomain } from "ethers";
import { z } from "zod";

/** A signed allowance (EIP-2612), encoded for the contracts; `deadline` 0 means none. */
export interface Permit {
  readonly deadline: bigint;
  readonly v: number;
  readonly r: string;
  readonly s: string;
}

/** No permit: the allowance was set before, by `approve`. */
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

/** The signed fields of a permit. */
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

/** A signer of EIP-712 data, such as any ethers signer. */
export interface TypedDataSigner {
  signTypedData(
    domain: TypedDataDomain,
    types: typeof TYPES,
    value: Readonly<Record<string, unknown>>,
  ): Promise<string>;
}

/**
 * Signs an allowance for one transaction (EIP-2612), so that posting, joining and staking need no prior `approve`.
 *
 * @param domain the token's EIP-712 domain, from its `eip712Domain`
 */
export async function signPermit(
  signer: TypedDataSigner,
  domain: TypedDataDomain,
  terms: PermitTerms,
): Promise<Permit> {
  const { v, r, s } = Signature.from(await signer.signTypedData(domain, TYPES, { ...terms }));
  return { deadline: terms.deadline, v, r, s };
}

/** A permit token's domain and the owner's nonce. */
export interface PermitToken {
  readonly domain: TypedDataDomain;
  /** The owner's next nonce. */
  readonly nonce: bigint;
}

const ABI = [
  "function nonces(address owner) view returns (uint256)",
  "function eip712Domain() view returns (bytes1, string, string, uint256, address, bytes32, uint256[])",
];
/** EIP-5267: the domain has name, version, chain and contract, and nothing else. */
const FIELDS = "0x0f";
const domainAnswer = z.tuple([z.literal(FIELDS), z.string(), z.string(), z.bigint(), z.string()]).rest(z.unknown());

/**
 * Reads the domain and nonce for a permit; `undefined` if the token does not support EIP-2612 and EIP-5267.
 *
 * A domain with another chain or contract is ignored: a signature for it could be used there.
 */
export async function readPermitToken(
  runner: ContractRunner,
  chainId: bigint,
  address: string,
  owner: string,
): Promise<PermitToken | undefined> {
  const token = new Contract(address, ABI, runner);
  try {
    const answers = await Promise.all([token.getFunction("eip712Domain")(), token.getFunction("nonces")(owner)]);
    const said = domainAnswer.safeParse([...(answers[0] as Iterable<unknown>)]);
    if (!said.success) return undefined;
    const [, name, version, saidChain, verifyingContract] = said.data;
    if (saidChain !== chainId || verifyingContract !== address) return undefined;
    return { domain: { name, version, chainId, verifyingContract }, nonce: z.bigint().parse(answers[1]) };
  } catch (error) {
    if (isError(error, "CALL_EXCEPTION") || isError(error, "BAD_DATA")) return undefined;
    throw error;
  }
}
