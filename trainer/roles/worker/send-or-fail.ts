import { readContractError } from "@commonweight/sdk/chain/contract-errors";
import type { Call, Outcome } from "../../chain/port.ts";
import type { WorkerModules } from "./modules.ts";

/** A call that was included. */
export type Included = Extract<Outcome, { readonly kind: "included" }>;

/**
 * Sends a call for a user's command.
 *
 * @throws the `readContractError` of a revert
 */
export async function sendOrFail(
  { chain, contracts, log }: Pick<WorkerModules, "chain" | "contracts" | "log">,
  call: Call,
  signal: AbortSignal,
): Promise<Included> {
  let outcome = await chain.send(call, signal);
  while (outcome.kind === "orphaned" || outcome.kind === "delayed") outcome = await chain.send(call, signal);
  if (outcome.kind === "refused") throw await readContractError(contracts, call.label, outcome);
  const { hash, block, gasUsed } = outcome;
  log.debug({ call: call.label, hash, block, gasUsed: gasUsed.toString() }, "transaction included");
  return outcome;
}
