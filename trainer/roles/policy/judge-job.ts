import { isEnding, type JobView } from "@commonweight/sdk/chain/job-view";

/** Which jobs a worker takes by itself. */
export interface JobPolicy {
  /** The token that jobs must pay in. */
  readonly token: string;
  /** Least reward of a job, in the token's smallest unit. */
  readonly minReward: bigint;
  /** Largest file of a job's model, in bytes; any if left out. */
  readonly maxModelBytes?: number | undefined;
  /** Accounts whose jobs are taken; anybody's if empty. */
  readonly initiators: readonly string[];
  /** Most jobs at the same time. */
  readonly most: number;
}

/** Why a policy refuses a job, a stable word for the log; `files` if nobody serves its files, or they are not valid. */
export type PolicyRefusal = "token" | "reward" | "initiator" | "model-size" | "files";

/** Whether a worker may take part in a job: it is posted, not closed, and opens further rounds. */
export function isOpen(view: JobView): boolean {
  return view.phase !== "none" && view.phase !== "closed" && !view.cancelled && !isEnding(view);
}

/** Whether the reading account already takes part in a job: a worker that restarts goes on there. */
export function takesPart({ self, closed }: JobView): boolean {
  return !closed && (self.member !== undefined || self.isEnlisted || self.seat !== undefined);
}

/** Returns why a policy refuses a job by what the chain says of it; `undefined` if it does not. */
export function refusalOf({ params, initiator }: JobView, policy: JobPolicy): PolicyRefusal | undefined {
  if (!isSame(params.token, policy.token)) return "token";
  if (params.reward < policy.minReward) return "reward";
  const isKnown = policy.initiators.some((one) => isSame(one, initiator));
  return policy.initiators.length > 0 && !isKnown ? "initiator" : undefined;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
