import type { PayDue } from "@commonweight/sdk/chain/pay-due";
import type { AccountView } from "@commonweight/sdk/chain/read-account";

/** One call that makes an account's tokens withdrawable. Amounts in the token's smallest unit. */
export type CollectStep =
  | { readonly kind: "credit"; readonly due: PayDue }
  /** `forfeited` bonds are burned: the call only records the loss. */
  | { readonly kind: "releaseBond"; readonly jobId: bigint; readonly amount: bigint; readonly forfeited: boolean }
  | { readonly kind: "delist"; readonly jobId: bigint }
  | { readonly kind: "releaseStake"; readonly token: string; readonly amount: bigint };

/** One call that pays out. */
export interface PayoutStep {
  readonly contract: "market" | "registry";
  readonly token: string;
  readonly amount: bigint;
}

/** The account's tokens that are not withdrawable yet. */
export type Pending =
  | { readonly kind: "bond"; readonly jobId: bigint; readonly token: string; readonly amount: bigint }
  | { readonly kind: "lock"; readonly jobId: bigint; readonly token: string; readonly amount: bigint }
  | { readonly kind: "stake"; readonly token: string; readonly amount: bigint }
  | { readonly kind: "thaw"; readonly token: string; readonly amount: bigint; readonly freeAt: number };

/**
 * Returns the steps that make everything due withdrawable: pay of all rounds, bonds of ended memberships, enlistments
 * in closed jobs, thawed stake. Pure; steps that are already done are not returned.
 *
 * @param token the only token to consider; every token by default
 */
export function collectSteps(view: AccountView, token?: string): readonly CollectStep[] {
  const isWanted = (candidate: { readonly token: string }) => token === undefined || candidate.token === token;
  const jobs = view.jobs.filter(isWanted);
  return [
    ...view.due.filter(isWanted).map((due): CollectStep => ({ kind: "credit", due })),
    ...jobs.flatMap(({ jobId, bond }): CollectStep[] =>
      bond === undefined || bond.state === "held"
        ? []
        : [{ kind: "releaseBond", jobId, amount: bond.amount, forfeited: bond.state === "forfeited" }],
    ),
    ...jobs.flatMap(({ jobId, closed, isEnlisted }): CollectStep[] =>
      closed && isEnlisted ? [{ kind: "delist", jobId }] : [],
    ),
    ...view.tokens
      .filter((held) => isWanted(held) && held.thawing > 0n && held.freeAt <= view.time)
      .map((held): CollectStep => ({ kind: "releaseStake", token: held.token, amount: held.thawing })),
  ];
}

/** Returns the withdrawals that are possible now. Pure. */
export function payoutSteps(view: AccountView, token?: string): readonly PayoutStep[] {
  return view.tokens
    .filter((held) => token === undefined || held.token === token)
    .flatMap((held) =>
      (["market", "registry"] as const)
        .map((contract) => ({ contract, token: held.token, amount: held.withdrawable[contract] }))
        .filter(({ amount }) => amount > 0n),
    );
}

/** Returns the tokens that are not withdrawable yet, with the reason. Pure. */
export function pendingOf(view: AccountView, token?: string): readonly Pending[] {
  const isWanted = (candidate: { readonly token: string }) => token === undefined || candidate.token === token;
  const bonds = view.jobs
    .filter(isWanted)
    .flatMap(({ jobId, token: of, bond }): Pending[] =>
      bond?.state === "held" ? [{ kind: "bond", jobId, token: of, amount: bond.amount }] : [],
    );
  const stakes = view.tokens
    .filter(isWanted)
    .flatMap((held): Pending[] => [
      ...held.locked.map(({ jobId, amount }): Pending => ({ kind: "lock", jobId, token: held.token, amount })),
      ...(held.freeStake > 0n ? [{ kind: "stake", token: held.token, amount: held.freeStake } as const] : []),
      ...(held.thawing > 0n
        ? [{ kind: "thaw", token: held.token, amount: held.thawing, freeAt: held.freeAt } as const]
        : []),
    ]);
  return [...bonds, ...stakes];
}

/** Time until which to wait for stake that thaws within `patience` seconds; `undefined` if there is none. */
export function thawWorthWaiting(view: AccountView, patience: number, token?: string): number | undefined {
  const ends = pendingOf(view, token).flatMap((pending) => (pending.kind === "thaw" ? [pending.freeAt] : []));
  const soon = ends.filter((freeAt) => freeAt > view.time && freeAt - view.time <= patience);
  return soon.length === 0 ? undefined : Math.max(...soon);
}
