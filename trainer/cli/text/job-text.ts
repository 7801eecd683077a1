import { contentIdOf } from "@commonweight/sdk/protocol/content-id";
import type { JobView, RoundView } from "@commonweight/sdk/chain/job-view";
import { showMoney, type TokenFormat } from "@commonweight/sdk/job-file/money";
import type { JobHistory } from "@commonweight/sdk/chain/read-history";
import { columns } from "./print-result.ts";
import { accuracyBar, percent, shortAddress, sparkline, timeText } from "./show-text.ts";

/** A job's state, rounds and money as lines of text. */
export function jobLines(view: JobView, history: JobHistory, format: TokenFormat): readonly string[] {
  const { params } = view;
  const money = (amount: bigint) => showMoney(amount, format);
  const majority = Math.floor(params.committeeSize / 2) + 1;
  const state = view.cancelled && !view.closed ? `${view.phase}, cancelled: ends after this round` : view.phase;
  return [
    `job ${view.jobId}: ${state}, ${progressText(view)}`,
    ...columns(
      [
        ["initiator", view.initiator],
        ["terms", view.terms],
        ["specification", contentIdOf(params.specDigest)],
        ["newest model", `version ${view.modelVersion}, ${contentIdOf(view.modelDigest)}`],
        ["confirmed", view.modelVersion === 0 ? "nothing: no round released a model" : percent(view.best)],
        ...(view.closed ? [] : workerRows(view, money)),
        [
          "majority",
          `${majority} of ${params.committeeSize} seats, ${money(BigInt(majority) * params.seatLock)} of stake`,
        ],
        ["deadline", timeText(params.deadline)],
      ],
      "  ",
    ),
    ...moneyLines(history, money),
    ...historyLines(history, money),
  ];
}

/** The workers that a round still needs; a closed job needs none. */
function workerRows({ members, enlisted, params }: JobView, money: (amount: bigint) => string): readonly string[][] {
  return [
    ["trainers", `${members} of at least ${params.minTrainers}, a bond of ${money(params.bond)} each`],
    ["validators", `${enlisted.length} of at least ${params.minValidators}, ${money(params.seatLock)} a seat`],
  ];
}

function progressText({ roundNumber, round, params }: JobView): string {
  if (round?.confirming !== true) return `round ${roundNumber} of ${params.rounds}`;
  return `round ${roundNumber} (confirming), after ${roundNumber - 1} of at most ${params.rounds} rounds`;
}

/** The rounds' accuracies, pay and committees. */
export function historyLines({ rounds }: JobHistory, money: (amount: bigint) => string): readonly string[] {
  const released = rounds.filter(({ outcome, confirming }) => outcome === "settled" && !confirming);
  if (rounds.length === 0) return [];
  return [
    "rounds",
    ...columns(
      rounds.map((round) => [`${round.number}`, roundText(round), money(round.result.trainerPay)]),
      "  ",
    ),
    ...(released.length > 1 ? [`  accuracy by round ${sparkline(released.map(({ result }) => result.score))}`] : []),
  ];
}

function roundText(round: RoundView): string {
  const { outcome, confirming, result, revealed, committed, committee } = round;
  if (outcome === "running") return `running: ${committed} sealed, ${revealed} disclosed`;
  if (outcome !== "settled") return outcome;
  if (confirming) return `confirms ${percent(result.baseScore)}`;
  const attesters = committee?.seats.filter(({ hasWon }) => hasWon).length ?? 0;
  return `${accuracyBar(result.score)}  ${round.updates.length} updates, ${attesters} attesters`;
}

function moneyLines({ money }: JobHistory, text: (amount: bigint) => string): readonly string[] {
  return [
    "money",
    ...columns(
      [
        ["funded", text(money.funded)],
        ["trainers earned", text(money.trainers)],
        ["validators earned", text(money.validators)],
        ["refunded", text(money.refunded)],
        ["remaining", text(money.remaining)],
      ],
      "  ",
    ),
  ];
}

/** Committee seats of the running attempt and what each has done. */
export function committeeLines({ round }: JobView): readonly string[] {
  const seats = round?.committee?.seats ?? [];
  if (seats.length === 0 || round?.outcome !== "running") return [];
  const acts = seats.map(({ validator, hasCommitted, hasRevealed, hasAttested }) => [
    shortAddress(validator),
    [hasCommitted && "sealed", hasRevealed && "revealed", hasAttested && "attested"].filter(Boolean).join(", ") || "-",
  ]);
  return ["committee", ...columns(acts, "  ")];
}
