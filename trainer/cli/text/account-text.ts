import { showMoney, type TokenFormat } from "@commonweight/sdk/job-file/money";
import type { Pending } from "../../roles/payee/decide.ts";
import { timeText } from "./show-text.ts";

/** One line about an amount that is still locked, and until when. */
export function pendingText(pending: Pending, formats: ReadonlyMap<string, TokenFormat>): string {
  const amount = showMoney(pending.amount, formats.get(pending.token) ?? { decimals: 0 });
  switch (pending.kind) {
    case "bond":
      return `still bound: ${amount}, the bond of job ${pending.jobId}`;
    case "lock":
      return `still bound: ${amount}, stake locked by job ${pending.jobId}`;
    case "stake":
      return `still staked: ${amount}; \`commonweight thaw all\` starts to unstake it`;
    case "thaw":
      return `still thawing: ${amount}, until ${timeText(pending.freeAt)}`;
  }
}
