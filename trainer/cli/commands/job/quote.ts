import type { Command } from "commander";
import { ZeroAddress } from "ethers";
import { z } from "zod";

import { BPS } from "@commonweight/sdk/protocol/limits";
import { showMoney, type TokenFormat } from "@commonweight/sdk/job-file/money";
import { readToken, type TokenInfo } from "@commonweight/sdk/chain/token-format";
import { prepareJob, resolvePrepared } from "../../../roles/initiator/prepare-job.ts";
import { MEASURED } from "../../../roles/initiator/gas-table.ts";
import type { BadShards } from "../../../roles/initiator/bad-shards.ts";
import { payBelowGas, quoteJob, type Quote, type SealedHoldout } from "../../../roles/initiator/quote.ts";
import { readJobFile, withJobData, type JobFileOnDisk } from "../../inputs/job-file-data.ts";
import { shortPeriodsOn } from "../../inputs/short-periods.ts";
import { numberOption } from "../../options/number-options.ts";
import { parseCommonOptions, parseOptions, type CommonOptions } from "../../options/options.ts";
import { columns, printResult } from "../../text/print-result.ts";
import { startLines } from "../../text/start-lines.ts";
import { durationText, percent } from "../../text/show-text.ts";
import { withWorkLines } from "../../text/work-lines.ts";
import { untilInterrupted } from "../../wiring/until-interrupted.ts";
import { withReader } from "../../wiring/reader.ts";
import { openScoringEngine } from "../../wiring/scoring-engine.ts";

const options = z.object({ gasPrice: numberOption });
const NATIVE: TokenInfo = { address: ZeroAddress, format: { decimals: 18, native: true, symbol: "coins" } };
const GWEI = 1_000_000_000;

/**
 * `commonweight job quote`: prints a job's cost, times and warnings. Reads the chain only if the token is not the
 * native coin, or if the deployment names more than one confirmation.
 */
export function addJobQuote(parent: Command): void {
  parent
    .command("quote")
    .argument("<file>", "the job file, such as job.yaml")
    .option("--gas-price <gwei>", "gas price that the estimate assumes", "1")
    .description("print a job's price list, times, gas, cost of corruption, what bad shards save, and warnings")
    .action(async (path: string, _values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const { gasPrice } = parseOptions(options, command.opts());
      const file = await readJobFile(path);
      const token = await tokenOf(common, file);
      await untilInterrupted((signal) =>
        withJobData(common, file, signal, async (data) => {
          const engine = await openScoringEngine();
          const prepared = await withWorkLines(common, "quote: measuring the initial model", () =>
            prepareJob(file.job, data, engine, signal),
          );
          const now = Math.floor(Date.now() / 1000);
          const { terms } = resolvePrepared(prepared, { token, now });
          const quote = quoteJob({
            terms,
            initialScoreBps: prepared.initialScoreBps,
            holdoutSamples: data?.holdoutSamples ?? 0,
            parts: data?.parts.length ?? 0,
            warnings: file.warnings,
            dataWarnings: data?.report.warnings ?? [],
            payBelowGas: payBelowGas(
              { terms, parts: data?.parts.length ?? 0, isNative: file.job.money.token === "native" },
              BigInt(Math.ceil(gasPrice * GWEI)),
            ),
            shortPeriods: await shortPeriodsOn(common, terms),
          });
          const { bond, seatLock, rounds, committeeSize, minTrainers, minValidators, deadline } = terms;
          const start = { minTrainers, minValidators, deadline };
          const shown = { name: file.job.name, rounds, committeeSize, bond, seatLock, ...start };
          printResult(common, { ...shown, gasPriceGwei: gasPrice, ...quote }, () =>
            linesOf({ ...shown, now }, quote, token.format, gasPrice),
          );
        }),
      );
    });
}

async function tokenOf(common: CommonOptions, { job }: JobFileOnDisk): Promise<TokenInfo> {
  if (job.money.token === "native") return NATIVE;
  return withReader(common, ({ contracts }) => readToken(contracts, job.money.token));
}

/** Terms printed with the quote. */
interface ShownTerms {
  readonly name: string;
  readonly rounds: number;
  readonly committeeSize: number;
  readonly bond: bigint;
  readonly seatLock: bigint;
  readonly minTrainers: number;
  readonly minValidators: number;
  /** Time in seconds, as `now`. */
  readonly deadline: number;
  readonly now: number;
}

function linesOf(terms: ShownTerms, quote: Quote, format: TokenFormat, gasPrice: number): readonly string[] {
  const money = (amount: bigint) => showMoney(amount, format);
  const { corruption, gas } = quote;
  const cost = (units: number) =>
    `${units} gas, ${showMoney(BigInt(Math.ceil(units * gasPrice * GWEI)), NATIVE.format)}`;
  return [
    `${terms.name}: ${roundsText(terms.rounds)}, ${terms.committeeSize} committee seats`,
    ...startLines(terms, terms.now),
    "",
    "money",
    ...columns(
      [
        ["reward", money(quote.reward)],
        ["for trainers", money(quote.trainers)],
        ["for validators", `${money(quote.validators)}, ${validatorsRate(terms, quote, money)}`],
        ...(quote.initiatorBond === 0n
          ? []
          : [["your bond", `${money(quote.initiatorBond)}, burned unless you open the shard of every round`]]),
        ["you pay", money(quote.total)],
        ["a trainer's bond", money(terms.bond)],
        ["a seat's lock", money(terms.seatLock)],
      ],
      "  ",
    ),
    "",
    ...priceLines(quote, money),
    "",
    "maximum times; a phase ends early once everyone has acted",
    ...columns(
      quote.phases.map(({ phase, seconds }) => [phase, durationText(seconds)]),
      "  ",
    ),
    `  a round with a second attempt ${durationText(quote.longestRound)}, the job ${durationText(quote.longestJob)}`,
    "",
    `gas at ${gasPrice} gwei, measured on Hardhat's node with ${MEASURED.trainers} trainers and ${MEASURED.seats} seats`,
    ...columns(
      [
        ["initiator", cost(gas.initiator)],
        ["a trainer", `${cost(gas.trainer.once)}, and a round ${cost(gas.trainer.round)}`],
        ["a validator", `${cost(gas.validator.once)}, and a round ${cost(gas.validator.round)}`],
        ["duties", `a round ${cost(gas.duties.round)}, paid by the workers in turn`],
      ],
      "  ",
    ),
    "",
    "cost of corruption",
    `  a majority, ${corruption.majority} of ${corruption.seats} seats, locks ${money(corruption.stakeNeeded)}; seats are drawn at random, so an attacker must enlist more`,
    `  it could take   ${money(corruption.canTakeInOneRound)} in one round, ${money(corruption.canTakeInTwoRounds)} with two committees in a row`,
    `  and withhold    ${money(corruption.canWithholdInOneRound)} at most in one round; unearned money is refunded to you`,
    ...sealedLines(quote.sealed, terms.rounds, money),
    ...(quote.warnings.length === 0 ? [] : ["", "warnings", ...quote.warnings.map((warning) => `  - ${warning}`)]),
  ];
}

function sealedLines(
  sealed: SealedHoldout | undefined,
  rounds: number,
  money: (amount: bigint) => string,
): readonly string[] {
  if (sealed === undefined) return [];
  const { shards, samplesPerShard, recognisedGapBps, openingPeriod, bond, badShards } = sealed;
  const caseLine = (name: string, { saved, savedUnseen, lostRounds }: BadShards) => [
    name,
    money(saved),
    money(savedUnseen),
    `${lostRounds.toFixed(1)} of ${rounds}`,
  ];
  const { one, last, half, all } = badShards;
  return [
    "",
    `sealed holdout: ${shards} shards of ${samplesPerShard} samples, the public one and one a round`,
    `  the public shard is opened within the first Training, each round's within ${durationText(openingPeriod)} after Disclosure`,
    `  a shard on which a model's accuracy is ${(recognisedGapBps / 100).toFixed(1)} points lower than on the public one is recognised`,
    "  bad shards, on which no update gains, save you from the trainers' pay, on average",
    ...columns(
      [
        ["", "if workers leave", "if nobody leaves", "rounds not played"],
        caseLine(`one of ${shards}; it is the public one with ${chance(one.publicIsBad)}, and saves nothing`, one),
        caseLine(`the same, where the last round draws it, with ${chance(last.chance)}`, last),
        caseLine(`${half.bad} of ${shards}; the public one is among them with ${chance(half.publicIsBad)}`, half),
        caseLine("all; the public one shows it before anyone trains, and no other looks harder", all),
      ],
      "    ",
    ),
    "  and you risk",
    ...columns(
      [
        ["a shard not opened", `the bond, ${money(bond)}; its round is paid by the public part, and the job ends`],
        ["one that most seats cannot read", "no bond; its round is paid by the public part, and the job ends"],
        ["one that is only harder", "no bond; workers leave, and the rounds left are not played"],
      ],
      "    ",
    ),
  ];
}

/** A chance from 0 to 1 as a percentage. */
function chance(value: number): string {
  return percent(value * BPS);
}

function roundsText(rounds: number): string {
  return rounds === 1 ? "1 round" : `${rounds} rounds`;
}

/** A price list has one more round to pay validators for: the one that confirms the last score. */
function validatorsRate({ rounds }: ShownTerms, quote: Quote, money: (amount: bigint) => string): string {
  const rate = `${money(quote.validatorsPerRound)} a round`;
  return quote.priceList.length === 0
    ? rate
    : `${rate} for ${roundsText(rounds)} and one more, which confirms the last`;
}

function priceLines({ priceList, initialScoreBps, trainersPerRound }: Quote, money: (amount: bigint) => string) {
  const start = initialScoreBps === undefined ? [] : [`the initial model's accuracy is ${percent(initialScoreBps)}`];
  if (trainersPerRound !== undefined) return [...start, `trainers earn up to ${money(trainersPerRound)} a round`];
  return [
    "price list: what all trainers together have earned once the model is this accurate, by two committees' scores",
    ...columns(
      priceList.map(({ scoreBps, earned }) => [percent(scoreBps), money(earned)]),
      "  ",
    ),
    ...start.map((line) => `  ${line}`),
  ];
}
