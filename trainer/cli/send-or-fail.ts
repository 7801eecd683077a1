import { CommonweightError } from "../../sdk/errors.ts";
import type { Call } from "../chain/port.ts";
import type { WorkerModules } from "../roles/modules.ts";
import { send } from "../roles/send.ts";

/**
 * Sends a call that the user asked for.
 *
 * @throws CALL_REFUSED the contract refuses it
 */
export async function sendOrFail(
  modules: Pick<WorkerModules, "chain" | "log">,
  call: Call,
  signal: AbortSignal,
): Promise<void> {
  const outcome = await send(modules, call, signal);
  if (outcome.kind === "included") return;
  throw new CommonweightError(
    "CALL_REFUSED",
    `the contract refuses ${call.label}: ${outcome.error}(${outcome.args.map(String).join(", ")})`,
    "The error's meaning stands in contracts/interfaces; `commonweight status` shows where the account stands.",
  );
}
