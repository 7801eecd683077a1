/**
 * Who calls. Trainers and validators by what they have done in the running round; each contract in its own name, too.
 */
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
  /** Holds seat 0 and has yet to act; enlisted where no committee is drawn. */
  "seated",
  /** Holds seat 1 and has acted; enlisted where no committee is drawn. */
  "actor",
  /** Enlisted, not drawn. */
  "bench",
  /** Has stake that is free, stake that has thawed, and a claim in the registry; is not enlisted. */
  "staker",
  /** Has tokens, and nothing to do with the job. */
  "stranger",
  /** Deployed the contracts; has a claim in the market from a job of its own. */
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

/** Where the job stands, in the order of the story; `branch` stages are left again. */
export const STAGES = [
  /** No job has this number. */
  "absent",
  /** Waiting, without members. */
  "posted",
  /** Waiting, with members and validators. */
  "staffed",
  /** Waiting, with members and validators, past the deadline. */
  "lapsed",
  /** Training: the sealer has committed, the newcomer has joined. */
  "training",
  /** Disclosure: discloser, sealer and leaver have committed, the leaver has disclosed; the holdout is shut. */
  "disclosure",
  /** Disclosure with the holdout open. */
  "opened",
  /** Draw: the discloser has disclosed, the sealer's time is over. */
  "draw",
  /** Draw past the deadline, with fewer enlisted than a committee needs. */
  "stuck",
  /** Draw with the seed armed. */
  "armed",
  "scoring",
  "reveal",
  "tally",
  "attestation",
  "settlement",
  /** Settlement is over, and nobody has settled. */
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

/** Gives all stages from one to another, both included, without the branches between them. */
export function from(first: Stage, last: Stage = "closed"): readonly Stage[] {
  const main: readonly Stage[] = STAGES.filter((stage) => stage !== "lapsed" && stage !== "stuck");
  return main.slice(main.indexOf(first), main.indexOf(last) + 1);
}
