import type { ContractMethodArgs, StateMutability, TypedContractMethod } from "@commonweight/sdk/abi/typechain/common";
import { contractError, readContractError } from "@commonweight/sdk/chain/contract-errors";
import type { Call, Outcome, Unfinished } from "../../chain/port.ts";
import type { WorkerModules } from "./modules.ts";
import { refusedUntil } from "./refusals.ts";

/**
 * Encodes a contract call: `callOf(contracts.lifecycle.closeJob, jobId)`. For a payable function, `{ value }` is the
 * last argument.
 */
export async function callOf<Args extends unknown[], Result, Kind extends StateMutability>(
  method: TypedContractMethod<Args, Result, Kind>,
  ...args: ContractMethodArgs<Args, Kind>
): Promise<Call> {
  const { to, data, value } = await method.populateTransaction(...args);
  return value === undefined ? { label: method.name, to, data } : { label: method.name, to, data, value };
}

/**
 * Sends a call and logs its outcome. A revert or a reorganisation is returned, not thrown: the next view of the job
 * decides what to do.
 */
export async function send(
  { chain, log, refusals }: Pick<WorkerModules, "chain" | "log" | "refusals">,
  call: Call,
  signal: AbortSignal,
): Promise<Outcome> {
  const standing = refusals?.standing(call);
  if (standing !== undefined) return standing;
  const outcome = await chain.send(call, signal);
  switch (outcome.kind) {
    case "included": {
      const { hash, block, gasUsed } = outcome;
      log.debug({ call: call.label, hash, block, gasUsed: gasUsed.toString() }, "transaction included");
      break;
    }
    case "refused": {
      const { error, args } = outcome;
      const { code, hint } = contractError(call.label, outcome);
      const context = { call: call.label, code, error, args: args.map(String), hint, until: refusedUntil(error) };
      if (refusals?.note(call, outcome) === false) log.debug(context, "transaction refused again");
      else log.warn(context, "transaction refused");
      break;
    }
    case "orphaned":
      log.warn({ call: call.label }, "transaction orphaned by a reorganisation");
      break;
    case "delayed":
      log.debug({ call: call.label }, "transaction delayed: no node takes it");
      break;
  }
  return outcome;
}

/**
/**
 * Throws where a call that binds money was refused for good: waiting does not help.
 *
 * @throws the `readContractError` of the refusal
 */
export async function requireHope(
  { contracts }: Pick<WorkerModules, "contracts">,
  call: Call,
  outcome: Outcome,
): Promise<void> {
  if (outcome.kind !== "refused" || refusedUntil(outcome.error) !== "job") return;
  throw await readContractError(contracts, call.label, outcome);
}

/**
 * Sends a call that somebody asked for, and goes on after a reorganisation or while no node takes it: the same
 * transaction is offered again.
 */
export async function insist(
  modules: Pick<WorkerModules, "chain" | "log">,
  call: Call,
  signal: AbortSignal,
): Promise<Exclude<Outcome, Unfinished>> {
  for (;;) {
    const outcome = await send(modules, call, signal);
    if (outcome.kind === "included" || outcome.kind === "refused") return outcome;
  }
}
