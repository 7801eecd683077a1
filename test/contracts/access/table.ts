import { ROLES, STAGES, USERS, VALIDATORS, type Role, type Stage, from } from "./roles.ts";

/** Roles and stages in which a call must succeed; in all others it must fail. */
export type Grants = readonly (readonly [roles: readonly Role[], stages: readonly Stage[]])[];

const ANYONE = ROLES;
const ALWAYS = STAGES;
/** Stages in which the market has the job's reward. */
const FUNDED: readonly Stage[] = [...from("posted", "confirming"), "lapsed", "stuck"];
/** Stages after the sealer missed its deadline. */
const FORFEITED: readonly Stage[] = [
  ...from("opening"),
  "stuck",
]; /** Stages in which the initiator has to open a shard. */
const HOLDOUT_DUE: readonly Stage[] = ["publicShardDue", "opening", "lateOpening"];
/** Accounts that did not join, enlist or post. */
const OUTSIDERS: readonly Role[] = ["staker", "stranger", "deployer"];

/**
 * One row per state-changing function, or several for different kinds of arguments: `name (arguments)`.
 */
export const TABLE: Readonly<Record<string, Grants>> = {
  // ---- money
  "TrainingMarket.postJob": [[USERS, ALWAYS]],
  "TrainingMarket.joinJob": [
    [USERS.filter((role) => role !== "initiator"), ["posted"]],
    [
      ["newcomer", ...OUTSIDERS],
      ["staffed", "lapsed"],
    ],
    [["newcomer"], ["publicShardDue"]],
    [OUTSIDERS, [...from("publicShardDue", "second"), "stuck"]],
    [["actor", "bench"], ["stuck"]],
  ],
  "TrainingMarket.leaveJob": [
    [
      ["discloser", "sealer", "idler", "leaver"],
      ["staffed", "lapsed", "publicShardDue"],
    ],
    [["discloser", "leaver"], ["training"]],
    [
      ["idler", "newcomer"],
      [...from("training"), "stuck"],
    ],
    [["discloser", "sealer"], FORFEITED],
  ],
  "TrainingMarket.releaseBond (of the sealer)": [[ANYONE, FORFEITED]],
  "TrainingMarket.releaseBond (of the leaver)": [[ANYONE, from("second")]],
  "TrainingMarket.releaseBond (of the idler)": [[ANYONE, ["closed"]]],
  "TrainingMarket.creditTrainers": [[ANYONE, ["closed"]]],
  "TrainingMarket.creditValidators": [[ANYONE, from("redraw")]],
  "TrainingMarket.withdraw": [
    [["deployer"], ALWAYS],
    [["initiator"], ["closed"]],
  ],
  "TrainingMarket.earnTrainers": [[["lifecycle"], FUNDED]],
  "TrainingMarket.earnValidators": [[["lifecycle"], FUNDED]],
  "TrainingMarket.payRevealers": [[["lifecycle"], FUNDED]],
  "TrainingMarket.burnInitiatorBond": [[["lifecycle"], ALWAYS]],
  "TrainingMarket.refund": [[["lifecycle"], ALWAYS]],

  // ---- a job's life
  "JobLifecycle.cancelJob": [[["initiator"], [...from("posted", "second"), "lapsed", "stuck"]]],
  "JobLifecycle.openRound": [[ANYONE, ["staffed"]]],
  "JobLifecycle.closeJob": [[ANYONE, ["ending", "lapsed", "stuck"]]],
  "TrainingRounds.commitUpdate": [
    [["discloser", "sealer", "idler", "leaver"], ["training"]],
    [
      ["discloser", "idler", "newcomer"],
      ["second", "cancelled"],
    ],
  ],
  "TrainingRounds.revealUpdate": [
    [
      ["discloser", "sealer"],
      ["disclosure", "lateDisclosure"],
    ],
  ],
  "JobLifecycle.openHoldout": [[ANYONE, HOLDOUT_DUE]],
  "TrainingRounds.openHoldout": [[["lifecycle"], HOLDOUT_DUE]],
  "TrainingRounds.witness": [[ANYONE, ["lateDisclosure", "lateOpening"]]],
  "JobLifecycle.post": [[["market"], ALWAYS]],
  "TrainingRounds.post": [[["lifecycle"], ALWAYS]],
  "TrainingRounds.finishEmptyRound": [[["lifecycle"], ALWAYS]],
  "TrainingRounds.open": [[["lifecycle"], ALWAYS]],
  "TrainingRounds.openConfirming": [[["lifecycle"], ALWAYS]],
  "TrainingRounds.finish": [[["lifecycle"], ALWAYS]],
  "TrainingRounds.admit": [[["market"], [...from("posted", "second"), "lapsed", "stuck"]]],
  "TrainingRounds.dismiss": [[["market"], [...from("staffed"), "lapsed", "stuck"]]],
  "TrainingRounds.release": [[["market"], ["closed"]]],
  "JobLifecycle.recordSettlement": [[["panel"], FUNDED]],
  "JobLifecycle.recordFailure": [[["panel"], FUNDED]],

  // ---- scoring
  "Committees.enlist": [
    [VALIDATORS, ["posted"]],
    [["staker"], [...from("posted", "confirming"), "lapsed", "stuck"]],
    [["actor", "bench"], ["stuck"]],
  ],
  "Committees.delist": [
    // Training, Closed, and Waiting where no release awaits its confirmation.
    [VALIDATORS, [...from("staffed", "training"), "second", "cancelled", "closed", "lapsed"]],
  ],
  "Committees.drawCommittee": [[ANYONE, ["draw", "redraw", "confirming"]]],
  "Committees.fixList": [[["lifecycle"], ALWAYS]],
  "Committees.slash": [[["panel"], [...from("staffed"), "lapsed", "stuck"]]],
  "ScoringPanel.prepareSeals": [[["committees"], ALWAYS]],
  "ScoringPanel.seatCommittee": [[["committees"], ALWAYS]],
  "ScoringPanel.commitScores": [[["seated"], ["scoring", "lateScoring"]]],
  "ScoringPanel.revealScores": [[["seated"], ["reveal", "lateReveal"]]],
  "ScoringPanel.witness": [[ANYONE, ["lateScoring", "lateReveal"]]],
  "ScoringPanel.tally": [[ANYONE, ["tally"]]],
  "ScoringPanel.attestModel": [[["seated"], ["attestation"]]],
  "ScoringPanel.settle": [[ANYONE, ["settlement"]]],
  "ScoringPanel.failAttempt": [[ANYONE, ["overdue"]]],

  // ---- stake
  "StakeRegistry.stake": [[USERS, ALWAYS]],
  "StakeRegistry.thaw": [
    [["staker"], ALWAYS],
    [VALIDATORS, ["absent", "posted"]],
    [["actor", "bench"], ["stuck"]],
  ],
  "StakeRegistry.release": [[["staker"], ALWAYS]],
  "StakeRegistry.withdraw": [[["staker"], ALWAYS]],
  "StakeRegistry.lock": [[["committees"], ALWAYS]],
  "StakeRegistry.unlock": [[["committees"], ALWAYS]],
  "StakeRegistry.slash": [[["committees"], [...from("staffed"), "lapsed", "stuck"]]],

  // ---- books
  "JobBook.register": [[["market"], ALWAYS]],
  "JobBook.drawPublicShard": [[["lifecycle"], ALWAYS]],
  "JobBook.openShard": [[["lifecycle"], from("publicShardDue", "lateOpening")]],
  "TrustBook.admit": [[["rounds"], ALWAYS]],
  "TrustBook.dismiss": [[["rounds"], ALWAYS]],
  "TrustBook.grow": [[["rounds"], ALWAYS]],
  "TrustBook.forgetDeparted": [[["rounds"], ALWAYS]],
};

/** Returns a row's function, `Contract.name`. */
export function functionOf(row: string): string {
  return row.split(" ")[0] ?? row;
}

/** Whether the grants allow a role's call at a stage. */
export function isGranted(grants: Grants, role: Role, stage: Stage): boolean {
  return grants.some(([roles, stages]) => roles.includes(role) && stages.includes(stage));
}
