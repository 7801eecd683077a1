import type { Log } from "../../log.ts";
import type { PendingSlot } from "./pending-transaction.ts";

/** What an endpoint does with a signed transaction. */
interface Endpoint {
  knows(hash: string, signal: AbortSignal): Promise<boolean>;
  /** A reply of kind `result` if a node took it. */
  broadcast(raw: string, signal: AbortSignal): Promise<{ readonly kind: string }>;
}

/**
 * Offers ended transactions again that a reorganisation deeper than the confirmations took back and that nodes forgot:
 * without their nonces no later one is ever included.
 *
 * @param nextNonce of the account: transactions with lower ones are in the chain
 */
export async function offerEarlier(
  { rpc, slot, log }: { readonly rpc: Endpoint; readonly slot: PendingSlot; readonly log: Log },
  nextNonce: number,
  signal: AbortSignal,
): Promise<void> {
  for (const { label, nonce, attempts } of slot.readEnded()) {
    const newest = attempts.at(-1);
    if (nonce < nextNonce || newest === undefined || (await rpc.knows(newest.hash, signal))) continue;
    const { kind } = await rpc.broadcast(newest.raw, signal);
    if (kind === "result") log.warn({ label, nonce }, "the chain took a transaction back; it is offered again");
  }
}
