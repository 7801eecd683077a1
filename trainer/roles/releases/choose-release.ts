import { BPS } from "@commonweight/sdk/protocol/limits";
import { bestRelease, type Release } from "@commonweight/sdk/chain/read-history";
import { CommonweightError } from "@commonweight/sdk/errors";

/** Facts of a job that a choice depends on. */
export interface ReleasedJob {
  readonly jobId: bigint;
  readonly closed: boolean;
  readonly holdout: string;
  /** Oldest first. */
  readonly releases: readonly Release[];
}

/** A release, and why it was chosen: one sentence. */
export interface Choice {
  readonly release: Release;
  readonly reason: string;
}

/**
 * Chooses the release of a round or, without a round, the best confirmed one. In a closed job without a confirmed
 * release, which nothing can confirm any more, that is the newest one.
 *
 * @throws MODEL_NOT_RELEASED · MODEL_NOT_CONFIRMED
 */
export function chooseRelease(job: ReleasedJob, round: number | undefined): Choice {
  const { jobId, releases } = job;
  const newest = releases.at(-1);
  if (newest === undefined) throw nothingReleased(job);
  if (round !== undefined) {
    const release = releases.find((one) => one.round === round);
    if (release === undefined) throw notOfRound(job, round);
    return { release, reason: `asked for by --round; ${standing(job, release)}` };
  }
  const best = bestRelease(releases);
  if (best !== undefined) return { release: best, reason: bestReason(job, best, newest) };
  if (job.closed) {
    return { release: newest, reason: "the newest: the job closed before a second committee confirmed a release" };
  }
  throw new CommonweightError(
    "MODEL_NOT_CONFIRMED",
    `no release of job ${jobId} is confirmed yet; the newest is of round ${newest.round}`,
    `Wait for the next round, or take it as it is: --round ${newest.round}.`,
  );
}

function bestReason(job: ReleasedJob, best: Release, newest: Release): string {
  const confirmed = job.releases.filter((one) => one.confirmed !== undefined).length;
  const reason =
    job.holdout === "own"
      ? `the newest of ${confirmed} confirmed releases; own holdouts record no accuracy`
      : `${shown(best.confirmed ?? 0)} is the best confirmed accuracy of ${confirmed} confirmed releases`;
  const isWaiting = newest.round > best.round && newest.confirmed === undefined;
  return isWaiting ? `${reason}; round ${newest.round} released a newer model that is not confirmed` : reason;
}

function standing({ holdout }: ReleasedJob, { score, confirmed }: Release): string {
  if (holdout === "own") return confirmed === undefined ? "not confirmed" : "confirmed";
  return confirmed === undefined ? `${shown(score)} attested, not confirmed` : `${shown(confirmed)} confirmed`;
}

function shown(score: number): string {
  return `${((100 * score) / BPS).toFixed(2)} %`;
}

function nothingReleased({ jobId, closed }: ReleasedJob): CommonweightError {
  return closed
    ? new CommonweightError(
        "MODEL_NOT_RELEASED",
        `job ${jobId} closed without a released model`,
        `\`commonweight explain ${jobId}\` says why its rounds released none.`,
      )
    : new CommonweightError(
        "MODEL_NOT_RELEASED",
        `job ${jobId} has released no model yet`,
        `\`commonweight job watch ${jobId}\` fetches each model once it is released.`,
      );
}

function notOfRound({ jobId, releases }: ReleasedJob, round: number): CommonweightError {
  const rounds = releases.map((one) => one.round);
  const shownRounds = rounds.length > 20 ? [...rounds.slice(0, 3), "...", ...rounds.slice(-10)] : rounds;
  return new CommonweightError(
    "MODEL_NOT_RELEASED",
    `round ${round} of job ${jobId} released no model`,
    `These rounds did: ${shownRounds.join(", ")}. Without --round the best confirmed model is taken.`,
  );
}
