import { setTimeout as sleep } from "node:timers/promises";

import { keccak256, toQuantity, type Interface } from "ethers";

import { CommonweightError } from "@commonweight/sdk/errors";
import { broadcastVerdict, type BroadcastVerdict } from "./broadcast-verdict.ts";
import type { Log } from "../log.ts";
import { firstFees, raisedFees, type Fees } from "./fees.ts";
import type { PendingSlot, PendingTransaction } from "./pending-transaction.ts";
import type { Call, Outcome } from "./port.ts";
import { decodeRevert, isRevert, revertDataOf } from "./revert-reason.ts";
import type { CallObject, Receipt, Rpc } from "./rpc.ts";
import type { TransactionSigner } from "./transaction-signer.ts";

/** Polls, and least time, after which a nonce counts as used by another transaction: endpoints lag. */
const LOST_LOOKS = 3;
const LOST_AFTER_MS = 1_000;
/** Unexplained refusals in a row after which a transaction is given up. */
const MOST_REFUSALS = 5;
/** Lost nonces in a row after which the account counts as shared. */
const MOST_LOST_NONCES = 5;

/** Code of a key that another program uses, and what to do. */
const SHARED = "CHAIN_ACCOUNT_SHARED";
const ONE_WORKER =
  "Two workers of one key can lose its bond and stake: run one of them, and use the key for nothing else meanwhile.";

export interface SenderModules {
  readonly rpc: Rpc;
  readonly signer: TransactionSigner;
  readonly slot: PendingSlot;
  readonly interfaces: readonly Interface[];
  readonly log: Log;
}

export interface SenderOptions {
  readonly chainId: bigint;
  readonly account: string;
  readonly pollMs: number;
  /** In wei. */
  readonly maxFeePerGas: bigint;
  /** Confirmations that an inclusion needs; 1 is the newest block. */
  readonly confirmations: number;
  /** Age at which a pending transaction is replaced with a higher fee, in seconds of block time. */
  readonly replaceAfterSeconds: number;
}

/** State of a pending transaction. */
interface Watch {
  transaction: PendingTransaction;
  /** Whether a block had included it. */
  wasIncluded: boolean;
  /** Block time when the current fee was first broadcast. */
  offeredAt: number | undefined;
  looksLost: number;
  lostSince: number;
  refusals: number;
}

/** Nonce for a call. */
interface Place {
  /** Nonces below it are known to be used, even if a lagging endpoint reports otherwise. */
  readonly leastNonce: number;
  /** Orphaned transaction that the call replaces under its nonce: at most one of the two is ever included. */
  readonly instead?: PendingTransaction;
}

/**
 * Turns calls into included transactions, one at a time.
 *
 * A signed transaction is journalled before its broadcast and followed until it is deep enough, another transaction
 * uses its nonce, or a reorganisation removes its block; only then is the next one signed, in the last case with the
 * same nonce. So a call is included exactly once, despite crashes, lost answers and reorganisations.
 */
export class TransactionSender {
  readonly #modules: SenderModules;
  readonly #options: SenderOptions;
  #last: Promise<unknown> = Promise.resolve();
  /** Nonce of the last transaction that a reorganisation orphaned. */
  #orphanedNonce: number | undefined;
  /** The account's next nonce if only this process sends for it; `undefined` before its first transaction. */
  #ownNonce: number | undefined;

  constructor(modules: SenderModules, options: SenderOptions) {
    this.#modules = modules;
    this.#options = options;
  }

  /** Queues a call behind those before it; see `Chain.send`. */
  send(call: Call, signal: AbortSignal): Promise<Outcome> {
    const mine = this.#last.then(() => this.#deliver(call, signal));
    // The next call waits for this one to end, with or without an error; the error goes only to this call's caller.
    this.#last = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  /** Rebroadcasts the pending transaction of the last process; the first `send` then follows it. */
  async resume(signal: AbortSignal): Promise<void> {
    const transaction = this.#modules.slot.read();
    if (transaction === undefined) return;
    this.#modules.log.info({ label: transaction.label, nonce: transaction.nonce }, "unfinished transaction resumed");
    await this.#broadcast(transaction, signal);
  }

  async #deliver(call: Call, signal: AbortSignal): Promise<Outcome> {
    signal.throwIfAborted();
    const unfinished = this.#modules.slot.read();
    let place: Place = { leastNonce: 0 };
    if (unfinished !== undefined) {
      if (!isSameCall(unfinished, call) && (await this.#isReplaceable(unfinished, signal))) {
        place = { leastNonce: unfinished.nonce, instead: unfinished };
      } else {
        const outcome = await this.#follow(unfinished, signal);
        if (outcome !== undefined && (outcome.kind === "orphaned" || isSameCall(unfinished, call))) return outcome;
        place = { leastNonce: unfinished.nonce + 1 };
      }
    }
    for (let lost = 0; lost < MOST_LOST_NONCES; lost++) {
      const prepared = await this.#prepare(call, place, signal);
      if ("kind" in prepared) return prepared;
      const outcome = await this.#follow(prepared, signal);
      if (outcome !== undefined) return outcome;
      place = { leastNonce: prepared.nonce + 1 };
    }
    throw new CommonweightError(
      SHARED,
      `other transactions of ${this.#options.account} keep using the nonces of ${call.label}`,
      "Use a separate account for every worker.",
    );
  }

  /** Whether the transaction was orphaned and no other block includes it. */
  async #isReplaceable(unfinished: PendingTransaction, signal: AbortSignal): Promise<boolean> {
    return this.#orphanedNonce === unfinished.nonce && (await this.#receiptOf(unfinished, signal)) === undefined;
  }

  /** Estimates gas and fees, signs and journals a call, with one round trip before the signature. */
  async #prepare(call: Call, place: Place, signal: AbortSignal): Promise<PendingTransaction | Outcome> {
    const { rpc, slot, interfaces } = this.#modules;
    const { account, maxFeePerGas: cap } = this.#options;
    const [estimate, block, tip, pending, balance] = await Promise.all([
      rpc.estimateGas(this.#callObject(call), signal),
      rpc.latestBlock(signal),
      rpc.suggestedTip(signal),
      rpc.transactionCount(account, "pending", signal),
      rpc.balance(account, signal),
    ]);
    const value = call.value ?? 0n;
    if (estimate.kind === "refused") {
      if (isRevert(estimate)) return decodeRevert(revertDataOf(estimate), interfaces);
      throw broadcastVerdict(estimate.message) === "funds" || balance < value
        ? this.#cannotPay(call.label, balance)
        : refusedByNode(call.label, estimate.message);
    }
    const gasLimit = (BigInt(String(estimate.value)) * 13n) / 10n;
    const { leastNonce, instead } = place;
    const fees = (instead && raisedFees(instead, block.baseFee, cap)) ?? firstFees(block.baseFee, tip, cap);
    if (balance < gasLimit * fees.maxFeePerGas + value) throw this.#cannotPay(call.label, balance);
    const nonce = instead?.nonce ?? Math.max(pending, leastNonce);
    if (instead === undefined) this.#noteForeign(nonce, leastNonce);
    this.#ownNonce = nonce + 1;
    const body = { label: call.label, to: call.to, data: call.data, value, nonce, gasLimit };
    const transaction = await this.#signed({ ...body, attempts: [] }, fees);
    slot.record(transaction);
    return transaction;
  }

  /**
   * Warns of nonces that this process did not use. It goes on: transfers by a wallet are harmless, and a worker that
   * stopped between sealing and opening would lose its bond.
   */
  #noteForeign(nonce: number, leastNonce: number): void {
    const own = Math.max(this.#ownNonce ?? nonce, leastNonce);
    if (nonce <= own) return;
    const context = { code: SHARED, expected: own, actual: nonce, next: ONE_WORKER };
    this.#modules.log.warn(context, "another program sends transactions with this key");
  }

  async #signed(
    body: Omit<PendingTransaction, keyof Fees>,
    { maxFeePerGas, maxPriorityFeePerGas }: Fees,
  ): Promise<PendingTransaction> {
    const { to, data, value, nonce, gasLimit } = body;
    const { chainId } = this.#options;
    const fees = { maxFeePerGas, maxPriorityFeePerGas };
    const raw = await this.#modules.signer.signTransaction({
      type: 2,
      chainId,
      to,
      data,
      value,
      nonce,
      gasLimit,
      ...fees,
    });
    return { ...body, ...fees, attempts: [...body.attempts, { hash: keccak256(raw), raw }] };
  }

  /**
   * Broadcasts and follows a transaction; `undefined` if another one used the nonce. Clears the journal in both cases.
   */
  async #follow(transaction: PendingTransaction, signal: AbortSignal): Promise<Outcome | undefined> {
    const { slot, log } = this.#modules;
    const watch: Watch = {
      ...{ transaction, wasIncluded: false },
      ...{ offeredAt: undefined, looksLost: 0, lostSince: 0, refusals: 0 },
    };
    await this.#offer(watch, signal);
    for (;;) {
      const receipt = await this.#receiptOf(watch.transaction, signal);
      if (receipt === undefined && watch.wasIncluded) return this.#orphaned(watch.transaction);
      watch.wasIncluded = receipt !== undefined;
      if (receipt === undefined) {
        const fate = await this.#fateOf(watch, signal);
        if (fate === "lost") {
          slot.clear();
          const { label, nonce } = transaction;
          log.warn({ code: SHARED, label, nonce, next: ONE_WORKER }, "nonce used by another transaction");
          return undefined;
        }
        if (fate === "open") await this.#nudge(watch, signal);
      } else if (await this.#isDeep(receipt, signal)) {
        const outcome = await this.#conclude(watch.transaction, receipt, signal);
        slot.clear();
        return outcome;
      }
      await sleep(this.#options.pollMs, undefined, { signal });
    }
  }

  /** Keeps the transaction in the journal: the next call either continues it or replaces it under its nonce. */
  #orphaned({ label, nonce }: PendingTransaction): Outcome {
    this.#modules.log.debug({ label, nonce }, "transaction orphaned by a reorganisation");
    this.#orphanedNonce = nonce;
    return { kind: "orphaned" };
  }

  async #receiptOf(transaction: PendingTransaction, signal: AbortSignal): Promise<Receipt | undefined> {
    for (const { hash } of transaction.attempts.toReversed()) {
      const receipt = await this.#modules.rpc.receipt(hash, signal);
      if (receipt !== undefined) return receipt;
    }
    return undefined;
  }

  async #isDeep(receipt: Receipt, signal: AbortSignal): Promise<boolean> {
    const { confirmations } = this.#options;
    if (confirmations <= 1) return true;
    const head = await this.#modules.rpc.latestBlock(signal);
    return head.number - receipt.block + 1 >= confirmations;
  }

  /** Lost: the nonce is used, and repeated polls find no version of the transaction. */
  async #fateOf(watch: Watch, signal: AbortSignal): Promise<"open" | "looks-lost" | "lost"> {
    const used = await this.#modules.rpc.transactionCount(this.#options.account, "latest", signal);
    if (used <= watch.transaction.nonce) return "open";
    if (await this.#isKnown(watch.transaction, signal)) {
      watch.looksLost = 0;
      return "open";
    }
    if (watch.looksLost++ === 0) watch.lostSince = Date.now();
    return watch.looksLost >= LOST_LOOKS && Date.now() - watch.lostSince >= LOST_AFTER_MS ? "lost" : "looks-lost";
  }

  async #isKnown(transaction: PendingTransaction, signal: AbortSignal): Promise<boolean> {
    for (const { hash } of transaction.attempts) {
      if (await this.#modules.rpc.knows(hash, signal)) return true;
    }
    return false;
  }

  /** Rebroadcasts a transaction that the node dropped, and replaces one that is pending too long. */
  async #nudge(watch: Watch, signal: AbortSignal): Promise<void> {
    const { rpc } = this.#modules;
    const newest = watch.transaction.attempts.at(-1);
    if (newest !== undefined && !(await rpc.knows(newest.hash, signal))) await this.#offer(watch, signal);
    const { timestamp } = await rpc.latestBlock(signal);
    watch.offeredAt ??= timestamp;
    if (timestamp - watch.offeredAt >= this.#options.replaceAfterSeconds) await this.#raise(watch, signal);
  }

  /** Broadcasts the newest version and handles a refusal. */
  async #offer(watch: Watch, signal: AbortSignal): Promise<void> {
    const { label } = watch.transaction;
    const { verdict, message } = await this.#broadcast(watch.transaction, signal);
    if (verdict === "funds") throw this.#cannotPay(label, undefined);
    if (verdict === "underpriced") return this.#raise(watch, signal);
    watch.refusals = verdict === "other" ? watch.refusals + 1 : 0;
    if (watch.refusals < MOST_REFUSALS) return;
    this.#modules.slot.clear();
    throw refusedByNode(label, message);
  }

  async #broadcast(
    transaction: PendingTransaction,
    signal: AbortSignal,
  ): Promise<{ verdict: BroadcastVerdict | "accepted"; message: string }> {
    const { rpc, log } = this.#modules;
    const { label, nonce, attempts } = transaction;
    const newest = attempts.at(-1);
    if (newest === undefined) throw new Error("a pending transaction without a signed version");
    const reply = await rpc.broadcast(newest.raw, signal);
    if (reply.kind === "result") {
      log.debug({ label, nonce, hash: newest.hash }, "transaction sent");
      return { verdict: "accepted", message: "" };
    }
    const verdict = broadcastVerdict(reply.message);
    log.debug({ label, nonce, hash: newest.hash, verdict, reason: reply.message }, "transaction not accepted");
    return { verdict, message: reply.message };
  }

  /** Replaces the transaction with a higher fee under the same nonce; keeps waiting if the fee is at the cap. */
  async #raise(watch: Watch, signal: AbortSignal): Promise<void> {
    const { rpc, slot, log } = this.#modules;
    const { label, nonce } = watch.transaction;
    const { baseFee, timestamp } = await rpc.latestBlock(signal);
    watch.offeredAt = timestamp;
    const fees = raisedFees(watch.transaction, baseFee, this.#options.maxFeePerGas);
    if (fees === undefined) {
      log.warn(
        { label, nonce, maxFeePerGas: this.#options.maxFeePerGas },
        "transaction waits: the fee is at its limit",
      );
      return;
    }
    watch.transaction = await this.#signed(watch.transaction, fees);
    slot.record(watch.transaction);
    log.info({ label, nonce, maxFeePerGas: fees.maxFeePerGas }, "transaction replaced");
    await this.#broadcast(watch.transaction, signal);
  }

  async #conclude(transaction: PendingTransaction, receipt: Receipt, signal: AbortSignal): Promise<Outcome> {
    const { hash, block, gasUsed, gasPrice } = receipt;
    if (receipt.succeeded) return { kind: "included", hash, block, gasUsed, gasPrice };
    if (gasUsed >= transaction.gasLimit) return { kind: "refused", error: "OUT_OF_GAS", args: [] };
    // Replays for the revert reason. Nodes have no state within a block: its end is the best match, then its beginning.
    for (const height of [block, block - 1]) {
      const replay = await this.#modules.rpc.callAt(this.#callObject(transaction), height, signal);
      if (replay.kind === "refused" && isRevert(replay)) {
        return decodeRevert(revertDataOf(replay), this.#modules.interfaces);
      }
    }
    return { kind: "refused", error: "NO_REASON", args: [] };
  }

  #callObject({ to, data, value = 0n }: Pick<Call, "to" | "data" | "value">): CallObject {
    return { from: this.#options.account, to, data, value: toQuantity(value) };
  }

  #cannotPay(label: string, balance: bigint | undefined): CommonweightError {
    const held = balance === undefined ? "" : `, it has ${balance} wei`;
    return new CommonweightError(
      "CHAIN_FUNDS",
      `${this.#options.account} cannot pay for ${label}${held}`,
      "Send native coins to the account; the worker then continues by itself.",
    );
  }
}

function isSameCall(transaction: PendingTransaction, call: Call): boolean {
  return (
    transaction.to.toLowerCase() === call.to.toLowerCase() &&
    transaction.data.toLowerCase() === call.data.toLowerCase() &&
    transaction.value === (call.value ?? 0n)
  );
}

function refusedByNode(label: string, message: string): CommonweightError {
  return new CommonweightError(
    "CHAIN_REQUEST_REFUSED",
    `the node refused ${label}: ${message}`,
    "Read the node's message; another endpoint may accept it.",
  );
}
