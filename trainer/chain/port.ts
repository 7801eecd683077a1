import type { ContractRunner } from "ethers";

import type { TypedDataSigner } from "@commonweight/sdk/chain/permit";

/** The newest block. Its timestamp is the only clock that a worker goes by, in seconds. */
export interface Head {
  readonly number: number;
  /** Tells it from another block of the same height, after a reorganisation. */
  readonly hash: string;
  readonly timestamp: number;
}

/** A call to send as a transaction. */
export interface Call {
  /** What it does, for the log: `commitUpdate`. */
  readonly label: string;
  readonly to: string;
  readonly data: string;
  readonly value?: bigint;
}

/**
 * What became of a call: included in a block, as deep as the chain's confirmations; refused by the contract before or
 * after it was sent; or orphaned, as a reorganisation took its block away. The sender of an orphaned call looks at the
 * chain again: the same call goes on as the same transaction, another call takes its nonce.
 */
export type Outcome =
  | {
      readonly kind: "included";
      readonly hash: string;
      readonly block: number;
      readonly gasUsed: bigint;
      readonly gasPrice: bigint;
    }
  | { readonly kind: "refused"; readonly error: string; readonly args: readonly unknown[] }
  | { readonly kind: "orphaned" };

/**
 * One account on one chain. Calls are sent one at a time, in order; each is included once or refused.
 *
 * Errors: `CHAIN_UNREACHABLE` no endpoint answers · `CHAIN_WRONG_ID` · `CHAIN_FUNDS` the account cannot pay the gas.
 */
export interface Chain {
  readonly chainId: bigint;
  readonly account: string;
  /** How many blocks deep, its own included, a block is relied on. */
  readonly confirmations: number;
  /** For reading contracts through the sdk's client. */
  readonly runner: ContractRunner;
  /** Signs allowances with the account's key. */
  readonly signer: TypedDataSigner;
  head(signal: AbortSignal): Promise<Head>;
  send(call: Call, signal: AbortSignal): Promise<Outcome>;
  close(): void;
}

/** A chain without an account: enough to read contracts by. */
export type ChainReader = Pick<Chain, "chainId" | "runner" | "head" | "close">;
