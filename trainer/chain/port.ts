import type { ContractRunner } from "ethers";

import type { TypedDataSigner } from "@commonweight/sdk/chain/permit";

/** The newest block's number and timestamp in seconds: a worker's only clock. */
export interface Head {
  readonly number: number;
  readonly timestamp: number;
}

/** A call to send as a transaction. */
export interface Call {
  /** Name for the log: `commitUpdate`. */
  readonly label: string;
  readonly to: string;
  readonly data: string;
  readonly value?: bigint;
}

/** Result of a call: included in a block, or reverted, in gas estimation or on chain. */
export type Outcome =
  | {
      readonly kind: "included";
      readonly hash: string;
      readonly block: number;
      readonly gasUsed: bigint;
      readonly gasPrice: bigint;
    }
  | { readonly kind: "refused"; readonly error: string; readonly args: readonly unknown[] };

/**
 * One account on one chain. Calls are sent one at a time, in order; each is included once or reverts.
 *
 * Errors: `CHAIN_UNREACHABLE` no endpoint answers · `CHAIN_WRONG_ID` · `CHAIN_FUNDS` the account cannot pay the gas.
 */
export interface Chain {
  readonly chainId: bigint;
  readonly account: string;
  /** For reading contracts through the SDK. */
  readonly runner: ContractRunner;
  /** Signs allowances with the account's key. */
  readonly signer: TypedDataSigner;
  head(signal: AbortSignal): Promise<Head>;
  send(call: Call, signal: AbortSignal): Promise<Outcome>;
  close(): void;
}

/** A chain without an account, for reading contracts. */
export type ChainReader = Pick<Chain, "chainId" | "runner" | "head" | "close">;
