import type { Command } from "commander";
import { z } from "zod";

import { formatMoney, parseMoney } from "../../sdk/money.ts";
import { readToken } from "../../sdk/token-format.ts";
import { provideToken } from "../roles/provide-token.ts";
import { callOf } from "../roles/send.ts";
import { parseCommonOptions, parseOptions } from "./options.ts";
import { sendOrFail } from "./send-or-fail.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { withSession } from "./wiring.ts";

const options = z.object({ token: z.string() });

/** `commonweight stake`: adds to the account's free stake. */
export function addStake(program: Command): void {
  program
    .command("stake")
    .argument("<amount>", "in whole tokens, such as 1.5")
    .option("--token <address>", "native or a token's address", "native")
    .description("add to the stake that answers for a validator's seats")
    .action(async (amount: string, _values: unknown, command: Command) => {
      const { token: name } = parseOptions(options, command.opts());
      await withSession(parseCommonOptions(command.optsWithGlobals()), async (session) => {
        await untilInterrupted(async (signal) => {
          const token = await readToken(session.contracts, name);
          const units = parseMoney(amount, token.format);
          await provideToken(session, "registry")(token.address, units, signal);
          await sendOrFail(session, await callOf(session.contracts.registry, "stake", [token.address, units]), signal);
          session.log.info({ amount: units.toString(), shown: formatMoney(units, token.format) }, "staked");
        });
      });
    });
}
