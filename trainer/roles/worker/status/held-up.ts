import {
  drawDueSince,
  graceOf,
  isEnding,
  isHoldoutDue,
  isOverdue,
  isPublicShardDue,
  openingEnd,
  type JobView,
} from "@commonweight/sdk/chain/job-view";
import { MIN_SEATS } from "@commonweight/sdk/protocol/limits";

/** A reason why a job does not move on now; the code is stable. */
export interface Hindrance {
  readonly code: "FEW_TRAINERS" | "FEW_VALIDATORS" | "FEW_TO_DRAW" | "PUBLIC_SHARD_DUE" | "SHARD_DUE";
  /** What is missing, and what follows if it stays so. */
  readonly text: string;
}

/** Returns why a job's next round, or its running one, waits for somebody; empty where it does not. Pure. */
export function hindrancesOf(view: JobView): readonly Hindrance[] {
  switch (view.phase) {
    case "waiting":
      return isEnding(view) || isOverdue(view) ? [] : openingHindrances(view);
    case "training":
      return isPublicShardDue(view)
        ? [
            {
              code: "PUBLIC_SHARD_DUE",
              text: "nobody can seal an update before the initiator's worker has opened the public shard",
            },
          ]
        : [];
    case "draw":
      return drawHindrances(view);
    case "none":
    case "disclosure":
    case "scoring":
    case "reveal":
    case "tally":
    case "attestation":
    case "settlement":
    case "closed":
      return [];
  }
}

/** What keeps a round from opening (`JobLifecycle._canOpen`). */
function openingHindrances({ members, enlisted, roundNumber, params }: JobView): readonly Hindrance[] {
  const { minTrainers, minValidators, deadline } = params;
  const round = `round ${roundNumber + 1} does not open`;
  const end = `the job ends at ${timeText(deadline)}`;
  const hindrances: Hindrance[] = [];
  if (members < minTrainers) {
    const text = `${round}: ${members} trainers of at least ${minTrainers}; ${end}`;
    hindrances.push({ code: "FEW_TRAINERS", text });
  }
  if (enlisted.length < minValidators) {
    const text = `${round}: ${enlisted.length} validators of at least ${minValidators}; ${end}`;
    hindrances.push({ code: "FEW_VALIDATORS", text });
  }
  return hindrances;
}

function drawHindrances(view: JobView): readonly Hindrance[] {
  const { drawable, params, round } = view;
  if (isHoldoutDue(view) && round !== undefined) {
    const end = timeText(openingEnd(round, params));
    return [{ code: "SHARD_DUE", text: `the initiator's worker has to open the round's shard before ${end}` }];
  }
  if (drawable >= MIN_SEATS) return [];
  const closable = timeText(drawDueSince(view) + graceOf(view));
  return [
    {
      code: "FEW_TO_DRAW",
      text: `no committee can be drawn: ${drawable} validators of at least ${MIN_SEATS}; anyone closes the job from ${closable} on`,
    },
  ];
}

/** A block time in seconds as text. */
function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** How long a job waits before its workers say why, in seconds of block time: members join one after the other. */
const PATIENCE = 60;

/** Decides when a worker says what a job waits for: once it has waited for a minute, and when it goes on. */
export class Waits {
  #told = "";
  #codes = "";
  #since = 0;

  /**
   * @param codes codes of the hindrances, joined; empty for none
   * @param time block time, in seconds
   * @returns whether to say it now
   */
  isNews(codes: string, time: number): boolean {
    if (codes !== this.#codes) [this.#codes, this.#since] = [codes, time];
    if (codes === this.#told || (codes !== "" && time - this.#since < PATIENCE)) return false;
    this.#told = codes;
    return true;
  }
}
