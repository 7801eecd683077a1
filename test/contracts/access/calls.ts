import { digestOf, randomSalt } from "../../helpers/contracts/commitments.ts";
import { PUBLIC_RELEASE } from "../../helpers/contracts/fixtures.ts";
import { NO_PERMIT } from "../../helpers/contracts/job-params.ts";
import { STAGES, type Role, type Stage } from "./roles.ts";
import type { Story } from "./story.ts";

/** The caller and the state in which it calls. */
export interface Scene {
  readonly story: Story;
  readonly role: Role;
  readonly stage: Stage;
  /** A job's number, or an unused number. */
  readonly id: bigint;
  /** The caller's address. */
  readonly caller: string;
  /** The token's address. */
  readonly token: string;
}

type Arguments = (scene: Scene) => unknown[] | Promise<unknown[]>;

const SETTLED = { ...PUBLIC_RELEASE, holdoutUnreadable: false, quality: 1 };
const ROUND_TERMS = {
  ...{ minTraining: 0, trainingPeriod: 1, disclosurePeriod: 1, sync: 1, retrainQuota: 1, releaseCount: 0 },
  ...{ releaseBps: 0, maxUpdates: 1, sealedHoldout: false, keepsTrust: false },
};
const ASSIGNMENT = { round: 1, updates: 1, judgesHoldout: false, confirming: false, seed: randomSalt() };
const SOMEBODY = "0x00000000000000000000000000000000000000aa";
const ALL = 0xff;

/** Arguments of each row: as valid as possible, so that only caller and stage decide whether a call succeeds. */
export const CALLS: Readonly<Record<string, Arguments>> = {
  "TrainingMarket.postJob": async ({ story }) => [await freshTerms(story), NO_PERMIT],
  "TrainingMarket.joinJob": async (scene) => [...(await withTerms(scene)), [], NO_PERMIT],
  "TrainingMarket.leaveJob": ofJob,
  "TrainingMarket.releaseBond (of the sealer)": bondOf("sealer"),
  "TrainingMarket.releaseBond (of the leaver)": bondOf("leaver"),
  "TrainingMarket.releaseBond (of the idler)": bondOf("idler"),
  "TrainingMarket.creditTrainers": ({ id }) => [id, 1, ALL],
  "TrainingMarket.creditValidators": ({ id }) => [id, 1, 1, ALL],
  "TrainingMarket.withdraw": ({ token }) => [token, SOMEBODY],
  "TrainingMarket.earnTrainers": ({ id }) => [id, 1, 1, 1],
  "TrainingMarket.earnValidators": ({ id }) => [id, 1, 1, true],
  "TrainingMarket.payRevealers": ({ id }) => [id, 1, 1, 3, 3],
  "TrainingMarket.burnInitiatorBond": ofJob,
  "TrainingMarket.refund": ({ id, caller }) => [id, caller],

  "JobLifecycle.cancelJob": ofJob,
  "JobLifecycle.openRound": ofJob,
  "JobLifecycle.closeJob": ofJob,
  "TrainingRounds.commitUpdate": ({ id }) => [id, randomSalt()],
  "TrainingRounds.revealUpdate": ({ story, id, role, stage }) => {
    if (isBefore(stage, "disclosure")) return [id, randomSalt(), randomSalt()];
    const { digest, salt } = story.job.updateOpening(story.user(role === "discloser" ? role : "sealer"), 1n);
    return [id, digest, salt];
  },
  "JobLifecycle.openHoldout": async ({ story, id, stage }) => {
    return [id, ...(await shard(story, stage, isBefore(stage, "training") ? 0 : 1))];
  },
  "TrainingRounds.openHoldout": ofJob,
  "TrainingRounds.witness": ofJob,
  "JobLifecycle.post": async ({ story, id, caller }) => {
    const { terms } = await story.job.job();
    return [id, caller, digestOf("model"), terms, ROUND_TERMS];
  },
  "TrainingRounds.post": ({ id }) => [id, ROUND_TERMS],
  "TrainingRounds.finishEmptyRound": ofJob,
  "TrainingRounds.open": ofJob,
  "TrainingRounds.openConfirming": ofJob,
  "TrainingRounds.finish": ({ id }) => [id, 3, 1],
  "TrainingRounds.admit": ({ id }) => [id, SOMEBODY, []],
  "TrainingRounds.dismiss": bondOf("idler"),
  "TrainingRounds.release": bondOf("idler"),
  "JobLifecycle.recordSettlement": ({ id }) => [id, 1, SETTLED],
  "JobLifecycle.recordFailure": ({ id }) => [id, 1, 3, 3],

  "Committees.enlist": withTerms,
  "Committees.delist": ofJob,
  "Committees.drawCommittee": ofJob,
  "Committees.fixList": ofJob,
  "Committees.slash": ({ story, token, id }) => [id, token, story.user("seated").address, 1],
  "ScoringPanel.prepareSeals": ({ id }) => [id, SOMEBODY],
  "ScoringPanel.seatCommittee": async ({ story, id }) => {
    const terms = await story.job.world.book.panelTermsOf(story.job.id);
    return [id, ASSIGNMENT, [SOMEBODY], [...terms]];
  },
  "ScoringPanel.commitScores": ({ id, role }) => [id, seatOf(role), randomSalt()],
  "ScoringPanel.revealScores": ({ story, id, role, stage }) => {
    if (isBefore(stage, "reveal")) return [id, seatOf(role), [], randomSalt()];
    const { packed, salt } = story.job.scoresOpeningIn(seatOf(role), 1n, 1n);
    return [id, seatOf(role), packed, salt];
  },
  "ScoringPanel.witness": ofJob,
  "ScoringPanel.tally": ({ id }) => [id, 1],
  "ScoringPanel.attestModel": ({ id, role }) => [id, seatOf(role), randomSalt()],
  "ScoringPanel.settle": ({ id }) => [id, PUBLIC_RELEASE.digest, PUBLIC_RELEASE.baseScore, PUBLIC_RELEASE.score],
  "ScoringPanel.failAttempt": ofJob,

  "StakeRegistry.stake": ({ token }) => [token, 1, NO_PERMIT],
  "StakeRegistry.thaw": ({ token }) => [token, 1],
  "StakeRegistry.release": ({ token }) => [token],
  "StakeRegistry.withdraw": ({ token }) => [token, SOMEBODY],
  "StakeRegistry.lock": ({ story, token, id }) => [token, story.user("staker").address, id, 1],
  "StakeRegistry.unlock": ({ story, token, id }) => [token, story.user("staker").address, id],
  "StakeRegistry.slash": ({ story, token, id }) => [token, story.user("seated").address, id, 1],

  "JobBook.register": async ({ story }) => [await freshTerms(story), SOMEBODY],
  "JobBook.drawPublicShard": ofJob,
  "JobBook.openShard": async ({ story, id, stage }) => [id, 1, ...(await shard(story, stage, 1))],
  "TrustBook.admit": ({ story }) => [story.trusted.id, SOMEBODY, true],
  "TrustBook.dismiss": ({ story }) => [story.trusted.id, story.user("discloser").address, false],
  "TrustBook.grow": ({ story }) => [story.trusted.id, 1, 1],
  "TrustBook.forgetDeparted": ({ story }) => [story.trusted.id],
};

function ofJob({ id }: Scene): unknown[] {
  return [id];
}

/** A job and the terms that the caller signs. */
async function withTerms({ story, id }: Scene): Promise<unknown[]> {
  return [id, await story.job.world.book.termsOf(id)];
}

function bondOf(role: Role): Arguments {
  return ({ story, id }) => [id, story.user(role).address];
}

function isBefore(stage: Stage, other: Stage): boolean {
  // The branch `stuck` leads to Draw.
  return STAGES.indexOf(stage === "stuck" ? "draw" : stage) < STAGES.indexOf(other);
}

function seatOf(role: Role): number {
  return role === "actor" ? 1 : 0;
}

async function freshTerms({ job }: Story) {
  return { ...job.terms, deadline: (await job.now()) + 1_000 };
}

/** Key and proof of a round's shard, once the first round has opened. */
async function shard(story: Story, stage: Stage, round: number): Promise<[key: string, proof: string[]]> {
  const { job, holdout } = story;
  const isDrawn = !isBefore(stage, "publicShardDue");
  const { key, proof } = holdout.opening(isDrawn ? Number(await job.world.book.shardOf(job.id, round)) : 0);
  return [key, proof];
}
