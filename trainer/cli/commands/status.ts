import type { Command } from "commander";
import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import { showMoney, type TokenFormat } from "@commonweight/sdk/job-file/money";
import { readAccount, type AccountJob, type AccountView } from "@commonweight/sdk/chain/read-account";
import { readTokenFormats } from "@commonweight/sdk/chain/token-format";
import { pendingOf } from "../../roles/payee/decide.ts";
import { pendingText } from "../text/account-text.ts";
import { addressOption } from "../options/amounts.ts";
import { parseCommonOptions, parseOptions } from "../options/options.ts";
import { columns, printResult } from "../text/print-result.ts";
import { untilInterrupted } from "../wiring/until-interrupted.ts";
import { accountOf } from "../wiring/keys.ts";
import { withReader } from "../wiring/reader.ts";

const options = z.object({ account: addressOption.optional() });
const COINS: TokenFormat = { decimals: 18, symbol: "coins" };

/** `commonweight status`: prints an account's assets, jobs and claims. Read-only: works beside a running worker. */
export function addStatus(program: Command): void {
  program
    .command("status")
    .option("--account <address>", "account to print; default the key's account")
    .description("print an account's coins, tokens, stake, jobs and withdrawable amounts")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const { account: named } = parseOptions(options, command.opts());
      const account = named ?? (await accountOf(common)) ?? fail();
      await untilInterrupted((signal) =>
        withReader(common, async ({ chain, contracts, deployment }) => {
          const view = await readAccount(contracts, account, deployment.block, await chain.head(signal));
          const formats = await readTokenFormats(
            contracts,
            view.tokens.map(({ token }) => token),
          );
          printResult(common, view, () => linesOf(view, formats));
        }),
      );
    });
}

function linesOf(view: AccountView, formats: ReadonlyMap<string, TokenFormat>): readonly string[] {
  const money = (amount: bigint, token: string) => showMoney(amount, formats.get(token) ?? { decimals: 0 });
  return [
    `account ${view.account}`,
    `  ${showMoney(view.coins, COINS)} for gas`,
    ...view.tokens.flatMap(({ token, balance, freeStake, withdrawable: { market, registry } }) => [
      `token ${token}`,
      ...columns(
        [
          ["balance", money(balance, token)],
          ["free stake", money(freeStake, token)],
          ["withdrawable", money(market + registry, token)],
          ["earned, not credited", money(dueIn(view, token), token)],
        ],
        "  ",
      ),
    ]),
    ...pendingOf(view)
      .filter(({ kind }) => kind !== "stake")
      .map((pending) => pendingText(pending, formats)),
    ...(view.jobs.length === 0 ? ["no part in any job"] : ["jobs", ...columns(view.jobs.map(jobRow), "  ")]),
  ];
}

function dueIn({ due }: AccountView, token: string): bigint {
  return due.filter((one) => one.token === token).reduce((sum, { amount }) => sum + amount, 0n);
}

function jobRow({ jobId, phase, round, isInitiator, isTrainer, isValidator, isEnlisted, bond }: AccountJob): string[] {
  const roles = [isInitiator && "initiator", isTrainer && "trainer", isValidator && "validator"].filter(Boolean);
  const notes = [isEnlisted && "enlisted", bond !== undefined && `bond ${bond.state}`].filter(Boolean);
  return [`job ${jobId}`, roles.join(", "), `round ${round}, ${phase}`, notes.join(", ")];
}

function fail(): never {
  throw new CommonweightError(
    "KEY_MISSING",
    "no account is given",
    "Pass a key (--keystore or --key-file) or an address (--account ADDRESS).",
  );
}
