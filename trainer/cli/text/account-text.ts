import { formatMoney, type TokenFormat } from "@commonweight/sdk/job-file/money";
import type { Pending } from "../../roles/payee/decide.ts";
import { timeText } from "./show-text.ts";

/** Says what of the account's is bound, and until when. */
export function pendingText(pending: Pending, formats: ReadonlyMap<string, TokenFormat>): string {
  const amount = formatMoney(pending.amount, formats.get(pending.token) ?? { decimals: 0 });
  switch (pending.kind) {
    case "bond":
      return `still bound: ${amount}, the bond of job ${pending.jobId}`;
    case "lock":
      return `still bound: ${amount}, stake locked by job ${pending.jobId}`;
    case "stake":
      return `still staked: ${amount}; \`commonweight thaw all\` begins to take it out`;
    case "thaw":
      return `still thawing: ${amount}, until ${timeText(pending.freeAt)}`;
  }
}
