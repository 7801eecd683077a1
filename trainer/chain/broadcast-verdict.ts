/**
 * What a node's refusal of a signed transaction means. None of them says that the transaction is not included: another
 * endpoint, or an answer that got lost, may have taken it before.
 */
export type BroadcastVerdict = "known" | "nonce-used" | "nonce-early" | "underpriced" | "funds" | "reverted" | "other";

/** The words of geth, Nethermind, Besu, Erigon, Reth, anvil and Hardhat; the JSON-RPC standard gives no codes. */
const WORDS: readonly (readonly [BroadcastVerdict, RegExp])[] = [
  ["known", /already ?known|known transaction|already imported|already in (the )?(mem)?pool/i],
  ["underpriced", /underpriced|fee too low|less than block base fee|below.* base fee|max fee per gas less/i],
  ["nonce-early", /nonce too high|nonce.*gap|tooFarInFuture/i],
  ["nonce-used", /nonce too low|old ?nonce|nonce.*(already|used)/i],
  ["funds", /insufficient (funds|balance)|doesn't have enough (funds|balance)|upfront cost/i],
  ["reverted", /revert/i],
];

/** Classifies a node's message. */
export function broadcastVerdict(message: string): BroadcastVerdict {
  return WORDS.find(([, words]) => words.test(message))?.[0] ?? "other";
}
