/**
 * Meaning of a node's refusal of a signed transaction. None rules out that the transaction gets included: another
 * endpoint, or a request whose answer was lost, may have accepted it before. `later`: the pool is full, or the node
 * is in trouble; the same bytes may be accepted then. `invalid`: no node accepts these bytes.
 */
export type BroadcastVerdict =
  "known" | "nonce-used" | "nonce-early" | "underpriced" | "funds" | "reverted" | "invalid" | "later";

/** Messages of geth, Nethermind, Besu, Erigon, Reth, anvil and Hardhat; the JSON-RPC standard defines no codes. */
const WORDS: readonly (readonly [BroadcastVerdict, RegExp])[] = [
  [
    "known",
    /already ?(known|imported)|known transaction|already in (the )?(mem|tx)?pool|(existing|same) (tx )?.*hash/i,
  ],
  [
    "invalid",
    /invalid (sender|signature|chain)|type not supported|configured cap|intrinsic gas|oversized|exceeds.*gas limit/i,
  ],
  ["underpriced", /underpriced|fee ?too ?low|less than block base fee|below.* base fee|max fee per gas less/i],
  ["underpriced", /could not replace|replacement ?not ?allowed|replacement.*(fee|price)/i],
  ["nonce-early", /nonce ?too ?high|nonce.*gap|tooFarInFuture/i],
  ["nonce-used", /nonce ?too ?low|old ?nonce|nonce.*(already|used)/i],
  ["funds", /insufficient ?(funds|balance)|doesn't have enough (funds|balance)|upfront cost/i],
  ["reverted", /revert/i],
];

/** Classifies a node's message. */
export function broadcastVerdict(message: string): BroadcastVerdict {
  return WORDS.find(([, words]) => words.test(message))?.[0] ?? "later";
}
