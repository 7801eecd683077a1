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

/** The account's pending transaction in the journal. */
export class PendingSlot {
  readonly #journal: Journal;
  readonly #key: string;

  constructor(journal: Journal, chainId: bigint, account: string) {
    this.#journal = journal;
    this.#key = `chain/${chainId}/${account.toLowerCase()}/pending`;
  }

  /** Errors: `JOURNAL_CORRUPT`. */
  read(): PendingTransaction | undefined {
    const value = this.#journal.read(this.#key);
    if (value === undefined || value === null) return undefined;
    const parsed = pendingTransaction.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new CommonweightError(
      "JOURNAL_CORRUPT",
      `the journal's entry ${this.#key} is not a transaction`,
      "Keep a copy of the journal, then start with a new one once the account has no pending transaction.",
      { cause: parsed.error },
    );
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
