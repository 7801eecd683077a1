import type { Contracts } from "./contracts.ts";
import { CommonweightError } from "../errors.ts";
import type { AttemptRecord, RoundRecord } from "./explain-round.ts";
import type { JobEvent } from "./job-events.ts";
import type { JobParams } from "../protocol/job-params.ts";
import type { CommitteeView } from "./job-view.ts";
import { readCommittee, readRound, type AttemptId, type ChainBlock } from "./read-job.ts";
import { unpackVector, type ScoreVector } from "../protocol/score-vector.ts";

const ATTEMPTS = [1, 2] as const;

/** A job and its events up to one block. */
export interface JobSnapshot {
  readonly jobId: bigint;
  readonly params: JobParams;
  /** All events of the job up to `block`. */
  readonly events: readonly JobEvent[];
  readonly block: ChainBlock;
}

/** Reads all data that determine a round's scores and pay. */
export async function readRoundRecord(
  contracts: Contracts,
  { jobId, params, events, block }: JobSnapshot,
  number: number,
): Promise<RoundRecord> {
  const [round, attempts] = await Promise.all([
    readRound(contracts, jobId, number, block),
    Promise.all(
      ATTEMPTS.map((attempt) => readAttempt(contracts, { jobId, round: number, attempt }, events, block.number)),
    ),
  ]);
  const paid = events.filter(({ name, args }) => name === "UpdatePaid" && args.round === BigInt(number));
  return {
    params,
    round,
    attempts: attempts.flatMap((attempt) => (attempt.committee.drawnAt === 0 ? [] : [attempt])),
    confirmed: confirmationOf(number, events),
    paidUpdates: new Map(paid.map(({ args }) => [Number(args.index), amountOf(args.amount)])),
  };
}

async function readAttempt(
  contracts: Contracts,
  id: AttemptId,
  events: readonly JobEvent[],
  blockTag: number,
): Promise<AttemptRecord> {
  const { market, panel } = contracts;
  const { jobId, round, attempt } = id;
  const at = { blockTag };
  const [committee, pay] = await Promise.all([
    readCommittee(contracts, id, blockTag),
    market.validatorsPayOf(jobId, round, attempt, at),
  ]);
  const [, amounts] = await panel.sharesOf(jobId, round, attempt, pay.quality, pay.attestation, at);
  const own = committee.drawnAt === 0 ? [] : attemptEvents(round, attempt, events);
  const vectors = vectorsOf(committee, own);
  return {
    committee,
    scores: vectors.map((vector) => vector?.scores),
    labels: vectors.map((vector) => vector?.labels),
    pay: { quality: pay.quality, attestation: pay.attestation },
    amounts: [...amounts],
    slashed: slashedIn(own),
  };
}

/** The score vector of each seat that revealed one, from events: contract storage has them only until the tally. */
function vectorsOf(committee: CommitteeView, events: readonly JobEvent[]): readonly (ScoreVector | undefined)[] {
  const revealed = new Map(
    events.flatMap(({ name, args }) =>
      name === "ScoresRevealed" ? [[String(args.validator), [...(args.vector as Iterable<bigint>)]]] : [],
    ),
  );
  return committee.seats.map(({ validator, hasRevealed }) => {
    const words = revealed.get(validator);
    if (!hasRevealed) return undefined;
    if (words !== undefined) return unpackVector(words, committee);
    throw new CommonweightError(
      "CHAIN_EVENTS_MISSING",
      `the endpoint has no event for the scores that ${validator} revealed`,
      "Use an endpoint that keeps all events of the job.",
    );
  });
}

/** The events from an attempt's draw up to the next draw. */
function attemptEvents(round: number, attempt: number, events: readonly JobEvent[]): readonly JobEvent[] {
  const start = events.findIndex(
    ({ name, args }) => name === "CommitteeDrawn" && args.round === BigInt(round) && args.attempt === BigInt(attempt),
  );
  if (start === -1) return [];
  const end = events.findIndex(({ name }, index) => index > start && name === "CommitteeDrawn");
  return events.slice(start, end === -1 ? events.length : end);
}

function slashedIn(events: readonly JobEvent[]): ReadonlyMap<string, bigint> {
  const slashed = new Map<string, bigint>();
  for (const { name, args } of events) {
    if (name !== "Slashed") continue;
    const validator = String(args.validator);
    slashed.set(validator, (slashed.get(validator) ?? 0n) + amountOf(args.amount));
  }
  return slashed;
}

function confirmationOf(round: number, events: readonly JobEvent[]): RoundRecord["confirmed"] {
  const confirmations = events.filter(({ name }) => name === "ProgressConfirmed");
  const place = confirmations.findIndex(({ args }) => args.round === BigInt(round));
  const own = confirmations[place];
  if (own === undefined) return undefined;
  return { before: Number(confirmations[place - 1]?.args.best ?? 0), after: Number(own.args.best) };
}

function amountOf(value: unknown): bigint {
  return typeof value === "bigint" ? value : 0n;
}
