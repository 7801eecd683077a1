import type { Chain } from "./chain.ts";
import { type Release, digestOf } from "./commitments.ts";
import { JobDriver, type SeatPlan } from "./job-driver.ts";
import { type JobTerms, budgetTerms, milestoneTerms } from "./job-params.ts";
import type { SealedHoldout } from "./sealed-holdout.ts";
import { type Population, deployedMarket } from "./world.ts";

/** Changes of a fixture's job from the default. */
export interface JobChoice {
  /** Whether it pays by milestones on a public holdout; default a budget per round on own holdouts, with trust. */
  readonly milestones?: boolean;
  readonly terms?: Partial<JobTerms>;
  readonly population?: Population;
  /** The job's sealed holdout, whose public shard is opened with the first round. */
  readonly holdout?: SealedHoldout;
  /** Numbers of trainers that join and validators that enlist; default 3 and 5. */
  readonly joined?: number;
  readonly enlisted?: number;
}

/** Default attestations; on own holdouts, scores must be 0. */
export const PRIVATE_RELEASE: Release = { digest: digestOf("model 1"), baseScore: 0, score: 0 };
export const PUBLIC_RELEASE: Release = { digest: digestOf("model 1"), baseScore: 1_000, score: 5_000 };

/** A seat that scores and attests. */
export function honestSeat(scores: readonly number[], attests: Release | undefined): SeatPlan {
  return { scores, attests };
}

export const SILENT_SEAT: SeatPlan = { scores: undefined, attests: undefined };

/** A job posted and funded, without members. */
export async function fundedJob(chain: Chain, choice: JobChoice = {}): Promise<JobDriver> {
  const world = await deployedMarket(chain, choice.population);
  const terms = choice.milestones === true ? milestoneTerms : budgetTerms;
  const now = await chain.helpers.time.latest();
  return JobDriver.post(world, terms(await world.token.getAddress(), now, choice.terms));
}

/** A job with three members and five enlisted validators; no round has opened. */
export async function staffedJob(chain: Chain, choice: JobChoice = {}): Promise<JobDriver> {
  const job = await fundedJob(chain, choice);
  await job.join(...job.world.trainers.slice(0, choice.joined ?? 3));
  await job.enlist(...job.world.validators.slice(0, choice.enlisted ?? 5));
  return job;
}

export async function roundInTraining(chain: Chain, choice: JobChoice = {}): Promise<JobDriver> {
  const job = await staffedJob(chain, choice);
  await job.open();
  await choice.holdout?.openPublic(job);
  return job;
}

/** Three members have committed. */
export async function roundInDisclosure(chain: Chain, choice: JobChoice = {}): Promise<JobDriver> {
  const job = await roundInTraining(chain, choice);
  const updates = await job.ownUpdates(...joined(job, choice));
  for (const { trainer, content } of updates) await job.commit(trainer, content);
  await job.passTraining();
  return job;
}

/** Three members have disclosed. */
export async function roundInDraw(chain: Chain, choice: JobChoice = {}): Promise<JobDriver> {
  const job = await roundInDisclosure(chain, choice);
  for (const trainer of joined(job, choice)) await job.reveal(trainer);
  return job;
}

export async function roundInScoring(chain: Chain, choice: JobChoice = {}): Promise<JobDriver> {
  const job = await roundInDraw(chain, choice);
  await job.draw();
  return job;
}

/** All seats have sealed the same scores. */
export async function roundInReveal(
  chain: Chain,
  choice: JobChoice = {},
  scores: readonly number[] = [100, 200, 300],
): Promise<JobDriver> {
  const job = await roundInScoring(chain, choice);
  const seats = Number((await job.committee()).committee.facts.seats);
  for (let seat = 0; seat < seats; seat++) await job.commitScores(seat, scores);
  return job;
}

/** All seats have revealed the same scores. */
export async function roundInTally(
  chain: Chain,
  choice: JobChoice = {},
  scores: readonly number[] = [100, 200, 300],
): Promise<JobDriver> {
  const job = await roundInReveal(chain, choice, scores);
  const seats = Number((await job.committee()).committee.facts.seats);
  for (let seat = 0; seat < seats; seat++) await job.revealScores(seat);
  return job;
}

export async function roundInAttestation(
  chain: Chain,
  choice: JobChoice = {},
  scores: readonly number[] = [100, 200, 300],
): Promise<JobDriver> {
  const job = await roundInTally(chain, choice, scores);
  await job.tally();
  return job;
}

/** All seats have attested the same release. */
export async function roundInSettlement(
  chain: Chain,
  choice: JobChoice = {},
  release: Release = choice.milestones === true ? PUBLIC_RELEASE : PRIVATE_RELEASE,
): Promise<JobDriver> {
  const job = await roundInAttestation(chain, choice);
  const seats = Number((await job.committee()).committee.facts.seats);
  for (let seat = 0; seat < seats; seat++) await job.attest(seat, release);
  return job;
}

/** The first round is settled, and the second is in Training. */
export async function secondRoundInTraining(chain: Chain, choice: JobChoice = {}): Promise<JobDriver> {
  const job = await roundInSettlement(chain, choice);
  await job.settle(choice.milestones === true ? PUBLIC_RELEASE : PRIVATE_RELEASE);
  return job;
}

/** The first attempt at the first round has failed, because no seat revealed; nobody was slashed for that. */
export async function secondAttemptInDraw(chain: Chain, choice: JobChoice = {}): Promise<JobDriver> {
  const job = await roundInScoring(chain, choice);
  await job.passScoring();
  await job.tally();
  return job;
}

/** A job of one round with milestones: the round is settled, and the confirming round is in Draw. */
export async function confirmingRoundInDraw(chain: Chain, choice: JobChoice = {}): Promise<JobDriver> {
  const job = await roundInSettlement(chain, { ...choice, milestones: true, terms: { rounds: 1, ...choice.terms } });
  await job.settle(PUBLIC_RELEASE);
  return job;
}

function joined(job: JobDriver, choice: JobChoice) {
  return job.world.trainers.slice(0, choice.joined ?? 3);
}
