import { Contract, Signature, ZeroHash, isError, type ContractRunner, type TypedDataDomain } from "ethers";
import { z } from "zod";

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

/** What a token that takes permits wants signed. */
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
 * Asks a token for what a permit needs; `undefined` where it takes none, or does not say how (EIP-2612, EIP-5267).
 *
 * What it says is not believed where it names another chain or contract: a signature for that would be worth something
 * elsewhere.
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
