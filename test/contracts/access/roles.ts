/** Callers: trainers and validators by their actions in the running round, other accounts, and each contract. */
export const ROLES = [
  "initiator",
  /** Commits, discloses. */
  "discloser",
  /** Commits, never discloses. */
  "sealer",
  /** A member that never commits. */
  "idler",
  /** Commits, discloses, and has asked to leave. */
  "leaver",
  /** Joined while the first round ran. */
  "newcomer",
  /** Holds seat 0 and has not acted yet; enlisted while no committee is drawn. */
  "seated",
  /** Holds seat 1 and has acted; enlisted while no committee is drawn. */
  "actor",
  /** Enlisted, not drawn. */
  "bench",
  /** Not enlisted; has free stake, thawed stake and a claim in the registry. */
  "staker",
  /** Has tokens, but no part in the job. */
  "stranger",
  /** Deployed the contracts; has a claim in the market from its own job. */
  "deployer",
  "token",
  "market",
  "lifecycle",
  "rounds",
  "committees",
  "panel",
  "registry",
  "book",
  "trust",
] as const;

export type Role = (typeof ROLES)[number];

export const USERS: readonly Role[] = ROLES.slice(0, ROLES.indexOf("token"));
export const VALIDATORS: readonly Role[] = ["seated", "actor", "bench"];

/** States of the job, in the order of the story; the story returns from the branches `lapsed` and `stuck`. */
export const STAGES = [
  /** No job has this number. */
  "absent",
  /** Waiting, without members. */
  "posted",
  /** Waiting, with members and validators. */
  "staffed",
  /** Waiting, with members and validators, past the deadline. */
  "lapsed",
  /** Training: the public shard of the holdout is not open. */
  "publicShardDue",
  /** Training: the sealer has committed, the newcomer has joined. */
  "training",
  /** Draw for as long as a round lasts, with fewer enlisted validators than a committee needs. */
  "stuck",
  /** Disclosure: discloser, sealer and leaver have committed, the leaver has disclosed. */
  "disclosure",
  /** The last third of Disclosure: a transaction shows that the chain runs. */
  "lateDisclosure",
  /** Draw: the discloser has disclosed, the sealer has missed the deadline; the round's shard is to be opened. */
  "opening",
  /** The last third of the time for that. */
  "lateOpening",
  /** Draw, with the shard open. */
  "draw",
  "scoring",
  /** The last third of Scoring. */
  "lateScoring",
  "reveal",
  /** The last third of Reveal. */
  "lateReveal",
  "tally",
  "attestation",
  "settlement",
  /** The settlement period is over, but the attempt is not settled. */
  "overdue",
  /** Draw of the second attempt. */
  "redraw",
  /** Training of the second round. */
  "second",
  /** The same, cancelled. */
  "cancelled",
  /** Waiting, cancelled, with progress to confirm. */
  "ending",
  /** Draw of the confirming round. */
  "confirming",
  "closed",
] as const;

export type Stage = (typeof STAGES)[number];

/** Returns all stages from `first` to `last` inclusive, without branches. */
export function from(first: Stage, last: Stage = "closed"): readonly Stage[] {
  const main: readonly Stage[] = STAGES.filter((stage) => stage !== "lapsed" && stage !== "stuck");
  return main.slice(main.indexOf(first), main.indexOf(last) + 1);
}
