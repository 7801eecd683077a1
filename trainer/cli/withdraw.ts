import type { Command } from "commander";
import { z } from "zod";

import { formatMoney } from "../../sdk/money.ts";
import { readToken } from "../../sdk/token-format.ts";
import { withdrawAll } from "../roles/withdraw.ts";
import { parseCommonOptions, parseOptions } from "./options.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { withSession } from "./wiring.ts";

const options = z.object({
  token: z.string(),
  to: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, "expected an address")
    .optional(),
});

/** `commonweight withdraw`: takes out all that is the account's. */
export function addWithdraw(program: Command): void {
  program
    .command("withdraw")
    .option("--token <address>", "native or a token's address", "native")
    .option("--to <address>", "who receives it; default the account itself")
    .description("credit pay, release bonds and thawed stake, and take everything out")
    .action(async (_values: unknown, command: Command) => {
      const { token: name, to } = parseOptions(options, command.opts());
      await withSession(parseCommonOptions(command.optsWithGlobals()), async (session) => {
        const { chain, contracts, log } = session;
        await untilInterrupted(async (signal) => {
          const token = await readToken(contracts, name);
          const withdrawals = await withdrawAll(session, token.address, to ?? chain.account, signal);
          if (withdrawals.length === 0) log.info({}, "nothing to withdraw");
          for (const { contract, amount } of withdrawals) {
            log.info({ contract, amount: amount.toString(), shown: formatMoney(amount, token.format) }, "withdrawn");
          }
        });
      });
    });
}
