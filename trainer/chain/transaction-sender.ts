import { setTimeout as sleep } from "node:timers/promises";

import { keccak256, toQuantity, type Interface } from "ethers";

import { showMoney } from "@commonweight/sdk/job-file/money";
import { CommonweightError } from "@commonweight/sdk/errors";
import { broadcastVerdict, type BroadcastVerdict } from "./transaction/broadcast-verdict.ts";
import type { Log } from "../log.ts";
import { firstFees, raisedFees, type Fees } from "./transaction/fees.ts";
import { offerEarlier } from "./transaction/offer-earlier.ts";
import type { PendingSlot, PendingTransaction } from "./transaction/pending-transaction.ts";
import type { Call, Outcome, Unfinished } from "./port.ts";
import { decodeRevert, isRevert, revertDataOf } from "./revert-reason.ts";
import { quantity } from "./rpc-results.ts";
import type { CallObject, Receipt, Rpc } from "./rpc.ts";
import type { TransactionSigner } from "./transaction/transaction-signer.ts";

/** Polls, and least time, after which a nonce counts as used by another transaction: endpoints lag. */
const LOST_LOOKS = 3;
const LOST_AFTER_MS = 1_000;
/** First pause before a receipt is asked for again, doubled up to the pace of the blocks: local chains mine at once. */
const FIRST_LOOK_MS = 20;
/** Rejections in a row, as no transaction at all, after which a transaction is given up. */
const MOST_REJECTIONS = 5;
/** Pauses between offers that no node takes, and the time after which the caller decides again. */
const FIRST_OFFER_PAUSE_MS = 200;
const LONGEST_OFFER_PAUSE_MS = 2_000;
const DELAYED_AFTER_MS = 5_000;
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
  /** Since when the account's next nonce is below the transaction's; `undefined` if it is not. */
  behindSince: number | undefined;
  rejections: number;
  /** Since when no node takes it, and the pause until the next offer; `undefined` if one took it. */
  untaken: { readonly since: number; pauseMs: number } | undefined;
  /** Whether the operator knows that the fee is at its limit. */
  isAtLimit: boolean;
}

/** Nonce for a call. */
interface Place {
  /** Nonces below it are known to be used, even if a lagging endpoint reports otherwise. */
  readonly leastNonce: number;
  /** Orphaned or untaken transaction that the call replaces under its nonce: at most one of the two gets included. */
  readonly instead?: PendingTransaction;
}

/** Where others come first, a call may begin a storage slot that its estimate did not count. Unused gas is free. */
const NEW_SLOT_GAS = 25_000n;

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
  /** Nonce of the last transaction that a reorganisation orphaned or that no node took. */
  #openNonce: number | undefined;
  /** Nonce of the last transaction that the operator was told no node takes. */
  #toldNonce: number | undefined;
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
        if (outcome !== undefined && (isUnfinished(outcome) || isSameCall(unfinished, call))) return outcome;
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

  /** Whether the transaction was orphaned or never taken, and no block includes it. */
  async #isReplaceable(unfinished: PendingTransaction, signal: AbortSignal): Promise<boolean> {
    return this.#openNonce === unfinished.nonce && (await this.#receiptOf(unfinished, signal)) === undefined;
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
        ? this.#cannotPay(call.label, { balance, needed: value })
        : refusedByNode(call.label, estimate.message);
    }
    const gasLimit = (quantity.parse(estimate.value) * 13n) / 10n + NEW_SLOT_GAS;
    const { leastNonce, instead } = place;
    const fees = (instead && raisedFees(instead, block.baseFee, cap)) ?? firstFees(block.baseFee, tip, cap);
    if (balance < gasLimit * fees.maxFeePerGas + value) {
      throw this.#cannotPay(call.label, { balance, needed: gasLimit * fees.maxFeePerGas + value });
    }
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
      ...{ offeredAt: undefined, looksLost: 0, lostSince: 0, behindSince: undefined, rejections: 0 },
      ...{ untaken: undefined, isAtLimit: false },
    };
    await this.#offer(watch, signal);
    for (let soonMs = FIRST_LOOK_MS; ; soonMs *= 2) {
      const receipt = await this.#receiptOf(watch.transaction, signal);
      if (receipt === undefined && watch.wasIncluded) return this.#unfinished("orphaned", watch.transaction);
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
        if (isDelayed(watch)) return this.#unfinished("delayed", watch.transaction);
      } else if (await this.#isDeep(receipt, signal)) {
        const outcome = await this.#conclude(watch.transaction, receipt, signal);
        slot.end(watch.transaction);
        return outcome;
      }
      const pauseMs = Math.min(soonMs, this.#modules.rpc.pace.pauseMs(true));
      await sleep(watch.untaken?.pauseMs ?? pauseMs, undefined, { signal });
    }
  }

  /** Keeps the transaction in the journal: the next call either continues it or replaces it under its nonce. */
  #unfinished(kind: Unfinished["kind"], { label, nonce }: PendingTransaction): Outcome {
    this.#modules.log.debug({ label, nonce, kind }, "transaction unfinished");
    this.#openNonce = nonce;
    return { kind };
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
    watch.behindSince = used < watch.transaction.nonce ? (watch.behindSince ?? Date.now()) : undefined;
    const behindMs = Date.now() - (watch.behindSince ?? Infinity);
    if (behindMs >= LOST_AFTER_MS) await offerEarlier(this.#modules, used, signal);
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
    // No fee brings in a transaction before those with lower nonces.
    if (watch.behindSince !== undefined) return;
    if (timestamp - watch.offeredAt >= this.#options.replaceAfterSeconds) await this.#raise(watch, signal);
  }

  /** Broadcasts the newest version and handles a refusal. */
  async #offer(watch: Watch, signal: AbortSignal): Promise<void> {
    const { label } = watch.transaction;
    const { verdict, message } = await this.#broadcast(watch.transaction, signal);
    if (verdict === "funds") throw this.#cannotPay(label);
    this.#noteTaking(watch, verdict === "later" ? message : undefined);
    if (verdict === "underpriced") return this.#raise(watch, signal);
    watch.rejections = verdict === "invalid" ? watch.rejections + 1 : 0;
    if (watch.rejections < MOST_REJECTIONS) return;
    this.#modules.slot.clear();
    throw refusedByNode(label, message);
  }

  /** Notes whether a node took the transaction. @param refusal the message, if none did */
  #noteTaking(watch: Watch, refusal: string | undefined): void {
    if (refusal === undefined) {
      watch.untaken = undefined;
      return;
    }
    const pauseMs = Math.min(2 * (watch.untaken?.pauseMs ?? FIRST_OFFER_PAUSE_MS / 2), LONGEST_OFFER_PAUSE_MS);
    watch.untaken = { since: watch.untaken?.since ?? Date.now(), pauseMs };
    const { label, nonce } = watch.transaction;
    if (this.#toldNonce === nonce) return;
    this.#toldNonce = nonce;
    this.#modules.log.warn({ label, nonce, reason: refusal }, "no node takes the transaction; it is offered again");
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
      const entry = { label, nonce, maxFeePerGas: this.#options.maxFeePerGas };
      if (!watch.isAtLimit) log.warn(entry, "transaction waits: the fee is at its limit");
      watch.isAtLimit = true;
      return;
    }
    watch.transaction = await this.#signed(watch.transaction, fees);
    slot.record(watch.transaction);
    log.info({ label, nonce, maxFeePerGas: fees.maxFeePerGas }, "transaction replaced");
    await this.#broadcast(watch.transaction, signal);
  }

  async #conclude(transaction: PendingTransaction, receipt: Receipt, signal: AbortSignal): Promise<Outcome> {
    const { hash, block, gasUsed, gasPrice } = receipt;
    this.#modules.rpc.sawBlock(block);
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

  /** @param funds in wei: what the account has, and the least that the call needs */
  #cannotPay(label: string, funds?: { readonly balance: bigint; readonly needed: bigint }): CommonweightError {
    const missing = funds !== undefined && funds.needed > funds.balance ? funds.needed - funds.balance : undefined;
    const held = funds === undefined ? "" : `, it has ${coins(funds.balance)}`;
    const lacks = missing === undefined ? "" : ` and lacks at least ${coins(missing)}`;
    return new CommonweightError(
      "CHAIN_FUNDS",
      `${this.#options.account} cannot pay for ${label}${held}${lacks}`,
      "Send native coins to the account; the worker then continues by itself.",
    );
  }
}

function coins(wei: bigint): string {
  return showMoney(wei, { decimals: 18, symbol: "coins" });
}

function isSameCall(transaction: PendingTransaction, call: Call): boolean {
  return (
    transaction.to.toLowerCase() === call.to.toLowerCase() &&
    transaction.data.toLowerCase() === call.data.toLowerCase() &&
    transaction.value === (call.value ?? 0n)
  );
}

function isUnfinished({ kind }: Outcome): boolean {
  return kind === "orphaned" || kind === "delayed";
}

/** Whether no node took the transaction for so long that its caller has to look whether it is still wanted. */
function isDelayed({ untaken }: Watch): boolean {
  return untaken !== undefined && Date.now() - untaken.since >= DELAYED_AFTER_MS;
}

function refusedByNode(label: string, message: string): CommonweightError {
  return new CommonweightError(
    "CHAIN_REQUEST_REFUSED",
    `the node refused ${label}: ${message}`,
    "Read the node's message; another endpoint may accept it.",
  );
}
