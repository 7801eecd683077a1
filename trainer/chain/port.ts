import type { ContractRunner } from "ethers";

import type { TypedDataSigner } from "@commonweight/sdk/chain/permit";

/** The newest block. Its timestamp, in seconds, is a worker's only clock. */
export interface Head {
  readonly number: number;
  /** Tells it from another block of the same height, after a reorganisation. */
  readonly hash: string;
  readonly parentHash: string;
  readonly timestamp: number;
  /** Whether the block has no transaction, and so no event. */
  readonly isEmpty: boolean;
}

/** A call to send as a transaction. */
export interface Call {
  /** Name for the log: `commitUpdate`. */
  readonly label: string;
  readonly to: string;
  readonly data: string;
  readonly value?: bigint;
}

/**
 * Result of a call: included in a block that is as deep as the chain's confirmations; reverted, in gas estimation or on
 * chain; orphaned, because a reorganisation removed its block; or delayed, because no node takes it yet. The caller of
 * an orphaned or delayed call reads the chain again: the same call continues as the same transaction, another call
 * takes its nonce.
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
  | Unfinished;

/** A call without a result: the chain decides whether it is still wanted. */
export type Unfinished = { readonly kind: "orphaned" } | { readonly kind: "delayed" };

/**
 * One account on one chain. Calls are sent one at a time, in order; each is included once or reverts.
 *
 * Errors: `CHAIN_UNREACHABLE` no endpoint answers · `CHAIN_ANSWER_MALFORMED` or `CHAIN_REQUEST_REFUSED` none answers
 * usefully · `CHAIN_WRONG_ID` · `CHAIN_FUNDS` the account cannot pay the gas.
 */
export interface Chain {
  readonly chainId: bigint;
  readonly account: string;
  /** Depth at which a block is relied on, in blocks; 1 is the newest block. */
  readonly confirmations: number;
  /** For reading contracts through the SDK. */
  readonly runner: ContractRunner;
  /** Signs allowances with the account's key. */
  readonly signer: TypedDataSigner;
  head(signal: AbortSignal): Promise<Head>;
  /**
   * Waits until it is time to look for a new block, by the time between the blocks so far; rejects if aborted.
   *
   * @param eager whether others' transactions are awaited: then it looks several times a block
   */
  untilNextBlock(signal: AbortSignal, eager?: boolean): Promise<void>;
  send(call: Call, signal: AbortSignal): Promise<Outcome>;
  close(): void;
}

/** A chain without an account, for reading contracts. */
export type ChainReader = Pick<Chain, "chainId" | "runner" | "head" | "untilNextBlock" | "close">;
