import type { BaseContract } from "ethers";

import type { Call, Outcome } from "../../chain/port.ts";
import type { WorkerModules } from "./modules.ts";

/** Encodes a contract's function as a call to send. */
export async function callOf(
  contract: BaseContract,
  label: string,
  values: readonly unknown[],
  value?: bigint,
): Promise<Call> {
  const to = await contract.getAddress();
  const data = contract.interface.encodeFunctionData(label, values);
  return value === undefined ? { label, to, data } : { label, to, data, value };
}

/** Sends a call and logs what became of it. A refusal is an answer: the next look at the chain says what to do. */
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
  }
  return outcome;
}
