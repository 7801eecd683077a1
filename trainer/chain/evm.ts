import { parseUnits, type Interface } from "ethers";

import type { TypedDataSigner } from "@commonweight/sdk/chain/permit";
import type { Journal } from "../journal/port.ts";
import type { Log } from "../log.ts";
import { BlockPace } from "./block-pace.ts";
import { ChainHeads } from "./chain-heads.ts";
import { PendingSlot } from "./transaction/pending-transaction.ts";
import { PoolProvider } from "./pool-provider.ts";
import type { Call, Chain, Head, Outcome } from "./port.ts";
import { OPENING_PATIENCE_MS, RpcPool } from "./rpc-pool.ts";
import { Rpc } from "./rpc.ts";
import { TransactionSender } from "./transaction-sender.ts";
import type { TransactionSigner } from "./transaction/transaction-signer.ts";

const DEFAULT_MAX_FEE_GWEI = 500;
const DEFAULT_REPLACE_AFTER_SECONDS = 30;

export interface EvmChainOptions {
  /** HTTP endpoints in order of preference. */
  readonly rpcUrls: readonly string[];
  readonly expectedChainId?: bigint;
  /** An ethers `Wallet`, or a signer without a provider. */
  readonly wallet: TransactionSigner;
  /** Shortest polling interval; blocks and receipts are polled by the time between the chain's blocks. */
  readonly pollMs: number;
  /** Upper limit on every transaction's `maxFeePerGas`; default 500. */
  readonly maxFeePerGasGwei?: number;
  /** Confirmations that an inclusion needs; default 1, the newest block. */
  readonly confirmations?: number;
  /** Age at which a pending transaction is replaced, in seconds of block time; default 30. */
  readonly replaceAfterSeconds?: number;
  /** Time to retry a request while no endpoint answers, before `CHAIN_UNREACHABLE`; default 15,000. */
  readonly patienceMs?: number;
  /** Stores the pending transaction. */
  readonly journal: Journal;
  /** For decoding the contracts' custom errors. */
  readonly interfaces: readonly Interface[];
  readonly log: Log;
}

/**
 * Opens an account on an EVM chain over JSON-RPC and rebroadcasts a pending transaction of the last process.
 *
 * Errors: those of `Chain`, `CHAIN_URL_INVALID`, `JOURNAL_CORRUPT`; while sending also `CHAIN_ACCOUNT_SHARED` other
 * transactions of the account use every nonce · `CHAIN_REQUEST_REFUSED` the nodes reject a transaction.
 */
export async function openEvmChain(options: EvmChainOptions): Promise<Chain> {
  const pool = new RpcPool(options);
  const closed = new AbortController();
  try {
    await pool.request({ method: "eth_chainId", params: [] }, closed.signal, OPENING_PATIENCE_MS);
    const rpc = new Rpc(pool, new BlockPace(options.pollMs));
    const account = await options.wallet.getAddress();
    const sender = senderFor(options, rpc, pool.chainId, account);
    await sender.resume(closed.signal);
    const heads = new ChainHeads(rpc, pool.chainId, options.log);
    return new EvmChain({ pool, heads, sender, account }, options);
  } catch (error) {
    pool.close();
    throw error;
  }
}

function senderFor(options: EvmChainOptions, rpc: Rpc, chainId: bigint, account: string): TransactionSender {
  const { journal, wallet, interfaces, log } = options;
  const slot = new PendingSlot(journal, chainId, account);
  return new TransactionSender(
    { rpc, signer: wallet, slot, interfaces, log },
    {
      chainId,
      account,
      maxFeePerGas: parseUnits(String(options.maxFeePerGasGwei ?? DEFAULT_MAX_FEE_GWEI), "gwei"),
      confirmations: confirmationsOf(options),
      replaceAfterSeconds: options.replaceAfterSeconds ?? DEFAULT_REPLACE_AFTER_SECONDS,
    },
  );
}

function confirmationsOf({ confirmations = 1 }: EvmChainOptions): number {
  return confirmations;
}

/** Modules of an account on a chain. */
interface EvmModules {
  readonly pool: RpcPool;
  readonly heads: ChainHeads;
  readonly sender: TransactionSender;
  readonly account: string;
}

class EvmChain implements Chain {
  readonly chainId: bigint;
  readonly account: string;
  readonly confirmations: number;
  readonly runner: PoolProvider;
  readonly signer: TypedDataSigner;
  readonly #pool: RpcPool;
  readonly #heads: ChainHeads;
  readonly #sender: TransactionSender;
  readonly #closed = new AbortController();

  constructor({ pool, heads, sender, account }: EvmModules, options: EvmChainOptions) {
    const { pollMs, wallet } = options;
    this.chainId = pool.chainId;
    this.account = account;
    this.confirmations = confirmationsOf(options);
    this.runner = new PoolProvider(pool, pollMs);
    this.signer = wallet;
    this.#pool = pool;
    this.#heads = heads;
    this.#sender = sender;
  }

  head(signal: AbortSignal): Promise<Head> {
    return this.#heads.head(AbortSignal.any([signal, this.#closed.signal]));
  }

  untilNextBlock(signal: AbortSignal, eager = false): Promise<void> {
    return this.#heads.untilNextBlock(AbortSignal.any([signal, this.#closed.signal]), eager);
  }

  send(call: Call, signal: AbortSignal): Promise<Outcome> {
    return this.#sender.send(call, AbortSignal.any([signal, this.#closed.signal]));
  }

  close(): void {
    this.#closed.abort();
    this.#pool.close();
    this.runner.destroy();
  }
}
