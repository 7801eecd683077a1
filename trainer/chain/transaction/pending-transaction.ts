import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { Journal } from "../../journal/port.ts";

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/);
const amount = z
  .string()
  .regex(/^\d+$/)
  .transform((digits) => BigInt(digits));

const pendingTransaction = z.strictObject({
  label: z.string(),
  to: hex,
  data: hex,
  value: amount,
  nonce: z.int().min(0),
  gasLimit: amount,
  maxFeePerGas: amount,
  maxPriorityFeePerGas: amount,
  /** Signed versions with the same nonce, the newest last; at most one is ever included. */
  attempts: z.array(z.strictObject({ hash: hex, raw: hex })).min(1),
});

/** A signed transaction without a known result. It contains no secret: the network sees the same bytes. */
export type PendingTransaction = Readonly<z.infer<typeof pendingTransaction>>;

/** A transaction that ended, as the network saw it. */
const endedTransaction = pendingTransaction.pick({ label: true, nonce: true, attempts: true });
export type EndedTransaction = Readonly<z.infer<typeof endedTransaction>>;

/** How many ended transactions are kept: one account sends fewer within the blocks that reorganisations take back. */
const MOST_ENDED = 16;

/** The account's transactions in the journal: the pending one, and the last that ended. */
export class PendingSlot {
  readonly #journal: Journal;
  readonly #key: string;
  readonly #endedKey: string;

  constructor(journal: Journal, chainId: bigint, account: string) {
    this.#journal = journal;
    const prefix = `chain/${chainId}/${account.toLowerCase()}`;
    this.#key = `${prefix}/pending`;
    this.#endedKey = `${prefix}/ended`;
  }

  /** Errors: `JOURNAL_CORRUPT`. */
  read(): PendingTransaction | undefined {
    const value = this.#journal.read(this.#key);
    if (value === undefined || value === null) return undefined;
    return parse(pendingTransaction, this.#key, value);
  }

  /** The last transactions that a block included, in the order of their nonces. Errors: `JOURNAL_CORRUPT`. */
  readEnded(): readonly EndedTransaction[] {
    return parse(z.array(endedTransaction).max(MOST_ENDED), this.#endedKey, this.#journal.read(this.#endedKey) ?? []);
  }

  /** Keeps an included transaction, and clears the slot. */
  end({ label, nonce, attempts }: PendingTransaction): void {
    const before = this.readEnded().filter((one) => one.nonce < nonce);
    this.#journal.record(this.#endedKey, [...before, { label, nonce, attempts }].slice(-MOST_ENDED));
    this.clear();
  }

  /** On disk when it returns. */
  record(transaction: PendingTransaction): void {
    this.#journal.record(this.#key, {
      ...transaction,
      value: `${transaction.value}`,
      gasLimit: `${transaction.gasLimit}`,
      maxFeePerGas: `${transaction.maxFeePerGas}`,
      maxPriorityFeePerGas: `${transaction.maxPriorityFeePerGas}`,
    });
  }

  clear(): void {
    this.#journal.record(this.#key, null);
  }
}

function parse<T>(schema: z.ZodType<T>, key: string, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CommonweightError(
    "JOURNAL_CORRUPT",
    `the journal's entry ${key} is not what a worker writes there`,
    "Keep a copy of the journal, then start with a new one once the account has no pending transaction.",
    { cause: parsed.error },
  );
}
