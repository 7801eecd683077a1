import type { Command } from "commander";
import { z } from "zod";

import { showMoney, type TokenFormat } from "@commonweight/sdk/job-file/money";
import { readToken, readTokenFormats } from "@commonweight/sdk/chain/token-format";
import { withdrawAll, type WithdrawalReport } from "../../roles/payee/run.ts";
import { pendingText } from "../text/account-text.ts";
import { addressOption, tokenOption } from "../options/amounts.ts";
import { parseCommonOptions, parseOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { untilInterrupted } from "../wiring/until-interrupted.ts";
import { withSending } from "../wiring/session.ts";

const options = z
  .object({ token: tokenOption.optional(), to: addressOption.optional(), unwrap: z.boolean().default(false) })
  .refine(({ to, unwrap }) => !(unwrap && to !== undefined), "--unwrap and --to cannot be combined");

type Formats = ReadonlyMap<string, TokenFormat>;

/** `commonweight withdraw`: withdraws everything that the account can claim. */
export function addWithdraw(program: Command): void {
  program
    .command("withdraw")
    .option("--token <address>", "native or a token's address; default all tokens")
    .option("--to <address>", "receiving address; default the account itself")
    .option("--unwrap", "convert the account's wrapped coins to native coins", false)
    .description("credit pay, release bonds and thawed stake, and withdraw everything; also beside a running worker")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const { token: name, to, unwrap } = parseOptions(options, command.opts());
      await withSending(common, (session) =>
        untilInterrupted(async (signal) => {
          const { chain, contracts, deployment } = session;
          const token = name === undefined ? undefined : (await readToken(contracts, name)).address;
          const receiver = to ?? chain.account;
          const fromBlock = deployment.block;
          const report = await withdrawAll(session, { token, to: receiver, unwrap, fromBlock }, signal);
          const tokens = [...report.withdrawn, ...report.pending].map((part) => part.token);
          const native = await contracts.wrappedNative.getAddress();
          const formats = await readTokenFormats(contracts, [...new Set([native, ...tokens, ...creditTokens(report)])]);
          const { refused, ...done } = report;
          printResult(common, { account: chain.account, to: receiver, ...done }, () =>
            linesOf(report, formats, formats.get(native)),
          );
          const [first] = refused;
          if (first !== undefined) throw first;
        }),
      );
    });
}

function creditTokens({ collected }: WithdrawalReport): readonly string[] {
  return collected.flatMap((step) =>
    step.kind === "credit" ? [step.due.token] : step.kind === "releaseStake" ? [step.token] : [],
  );
}

function linesOf(report: WithdrawalReport, formats: Formats, coins: TokenFormat | undefined): readonly string[] {
  const money = (amount: bigint, token: string) => showMoney(amount, formats.get(token) ?? { decimals: 0 });
  const { collected, withdrawn, unwrapped, pending, refused } = report;
  const isEmpty = withdrawn.length === 0 && unwrapped === 0n && refused.length === 0;
  return [
    ...collected.flatMap((step) => {
      if (step.kind !== "credit") return [];
      const { kind, jobId, round, amount, token } = step.due;
      return [`credited  ${money(amount, token)} as ${kind} of job ${jobId}, round ${round}`];
    }),
    ...collected.flatMap((step) =>
      step.kind === "releaseBond"
        ? [
            `bond of job ${step.jobId} ${step.forfeited ? "is forfeited: an update was sealed but not disclosed" : "released"}`,
          ]
        : [],
    ),
    ...withdrawn.map(({ contract, amount, token }) => `withdrawn ${money(amount, token)} from the ${contract}`),
    ...(unwrapped > 0n && coins !== undefined ? [`unwrapped ${showMoney(unwrapped, coins)}`] : []),
    ...(isEmpty ? ["there is nothing to withdraw"] : []),
    ...pending.map((part) => pendingText(part, formats)),
  ];
}
