import type { Command } from "commander";
import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import {
  explainRound,
  type ExplainedAttempt,
  type ExplainedRound,
  type ExplainedSeat,
} from "@commonweight/sdk/chain/explain-round";
import { hindrancesOf } from "../../roles/worker/status/held-up.ts";
import { readJobEvents, type JobEvent } from "@commonweight/sdk/chain/job-events";
import { showMoney, type TokenFormat } from "@commonweight/sdk/job-file/money";
import { readRoundRecord } from "@commonweight/sdk/chain/read-explanation";
import { INVALID, UNAVAILABLE } from "@commonweight/sdk/protocol/scores";
import { readToken } from "@commonweight/sdk/chain/token-format";
import { roundOption } from "../options/number-options.ts";
import { jobIdOption, parseCommonOptions, parseOptions } from "../options/options.ts";
import { columns, printResult } from "../text/print-result.ts";
import { readJobView } from "../inputs/read-job-view.ts";
import { percent, shortAddress } from "../text/show-text.ts";
import { untilInterrupted } from "../wiring/until-interrupted.ts";
import { withReader } from "../wiring/reader.ts";

const options = z.object({ round: roundOption.optional() });

/** `commonweight explain`: every score, the consensus and the resulting pay, recomputed from on-chain data. */
export function addExplain(program: Command): void {
  program
    .command("explain")
    .argument("<job>", "the job's number")
    .option("--round <number>", "one round only")
    .description("recompute scores, medians, bands, agreement and pay, and compare them with the chain")
    .action(async (jobText: string, _values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const jobId = parseOptions(jobIdOption, jobText);
      const { round: only } = parseOptions(options, command.opts());
      await untilInterrupted((signal) =>
        withReader(common, async (reader) => {
          const { contracts, deployment } = reader;
          const view = await readJobView(reader, jobId, signal);
          const { params, roundNumber, block, time } = view;
          if (only !== undefined && only > roundNumber) throw unknownRound(jobId, only, roundNumber);
          const events = await readJobEvents(contracts, jobId, deployment.block, block);
          const numbers = only === undefined ? Array.from({ length: roundNumber }, (_, i) => i + 1) : [only];
          const history = { jobId, params, events, block: { number: block, timestamp: time } };
          const rounds = await Promise.all(
            numbers.map(async (number) => explainRound(await readRoundRecord(contracts, history, number))),
          );
          const { format } = await readToken(contracts, params.token);
          const forfeits = forfeitsOf(events);
          const hindrances = hindrancesOf(view);
          printResult(common, { jobId, rounds, forfeits, hindrances }, () => [
            ...(rounds.length === 0
              ? [`job ${jobId} has had no round yet`]
              : rounds.flatMap((one) => linesOf(one, format))),
            ...forfeits.map((trainer) => `${trainer} forfeited its bond: it sealed an update and did not disclose it`),
            ...hindrances.map(({ text }) => text),
          ]);
        }),
      );
    });
}

/** Trainers whose bond was burned, in order. */
function forfeitsOf(events: readonly JobEvent[]): readonly string[] {
  return events
    .filter(({ name, args }) => name === "Left" && args.forfeited === true)
    .map(({ args }) => String(args.trainer));
}

function linesOf(round: ExplainedRound, format: TokenFormat): readonly string[] {
  const money = (amount: bigint) => showMoney(amount, format);
  const { confirmed, differences } = round;
  return [
    `round ${round.round}${round.confirming ? " (confirming)" : ""}: ${round.outcome}`,
    ...(round.outcome === "settled" && !round.confirming
      ? [`  accuracy ${percent(round.baseScore)} -> ${percent(round.score)}, model version ${round.modelVersion}`]
      : []),
    ...(confirmed === undefined
      ? []
      : [
          `  confirmed ${percent(confirmed.before)} -> ${percent(confirmed.after)}: its trainers earn ${money(round.trainerPay)}`,
        ]),
    ...round.attempts.flatMap((attempt) => attemptLines(attempt, round.totalWeight, money)),
    ...(differences.length === 0
      ? ["  recomputed: matches the amounts on chain"]
      : ["  RECOMPUTED VALUES DIFFER:", ...differences.map((difference) => `    ${difference}`)]),
    "",
  ];
}

function attemptLines(
  { attempt, outcome, qualityBudget, attestationBudget, updates, seats }: ExplainedAttempt,
  totalWeight: number,
  money: (amount: bigint) => string,
): readonly string[] {
  const updateRows = updates.map((update) => [
    `update ${update.index}`,
    shortAddress(update.trainer),
    `[${update.scores.map(scoreText).join(" ")}]`,
    `median ${scoreText(update.median)} +- ${update.band}`,
    update.isCopy ? "copy: no weight" : `weight ${update.weight} / ${totalWeight}`,
    money(update.pay),
  ]);
  const seatRows = seats.map((seat) => [
    `seat ${seat.seat}`,
    shortAddress(seat.validator),
    seatText(seat),
    seat.acts.won ? "attested the model" : "did not attest it",
    money(seat.pay),
    seat.slashed > 0n ? `slashed ${money(seat.slashed)}` : "",
  ]);
  return [
    `  attempt ${attempt}: ${outcome}; validators share ${money(qualityBudget)} by agreement and ${money(attestationBudget)} for the model`,
    ...columns(updateRows, "    "),
    ...columns(seatRows, "    "),
  ];
}

function seatText({ acts, counts, agreement, inBand, numeric }: ExplainedSeat): string {
  if (!acts.revealed) return "silent";
  return counts
    ? `agreement ${agreement}, in band ${inBand} of ${numeric}`
    : "does not count: no other seat has the same fingerprint";
}

function scoreText(score: number | undefined): string {
  if (score === undefined) return "-";
  if (score === INVALID) return "invalid";
  return score === UNAVAILABLE ? "unfetched" : String(score);
}

function unknownRound(jobId: bigint, round: number, last: number): CommonweightError {
  return new CommonweightError(
    "JOB_ROUND_UNKNOWN",
    `job ${jobId} has no round ${round}: it has had ${last}`,
    "Omit --round to explain all rounds.",
  );
}
