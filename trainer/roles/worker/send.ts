import type { ContractMethodArgs, StateMutability, TypedContractMethod } from "@commonweight/sdk/abi/typechain/common";
import type { Call, Outcome, Unfinished } from "../../chain/port.ts";
import type { WorkerModules } from "./modules.ts";

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
  { chain, log }: Pick<WorkerModules, "chain" | "log">,
  call: Call,
  signal: AbortSignal,
): Promise<Outcome> {
  const outcome = await chain.send(call, signal);
  switch (outcome.kind) {
    case "included": {
      const { hash, block, gasUsed } = outcome;
      log.debug({ call: call.label, hash, block, gasUsed: gasUsed.toString() }, "transaction included");
      break;
    }
    case "refused":
      log.warn({ call: call.label, error: outcome.error, args: outcome.args.map(String) }, "transaction refused");
      break;
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
