import type { Command } from "commander";
import { z } from "zod";

import { formatMoney, parseMoney } from "../../sdk/money.ts";
import { readToken } from "../../sdk/token-format.ts";
import { callOf } from "../roles/send.ts";
import { parseCommonOptions, parseOptions } from "./options.ts";
import { sendOrFail } from "./send-or-fail.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { withSession } from "./wiring.ts";

const options = z.object({ token: z.string() });

/** `commonweight thaw`: begins to take free stake out. */
export function addThaw(program: Command): void {
  program
    .command("thaw")
    .argument("<amount>", "in whole tokens, or all")
    .option("--token <address>", "native or a token's address", "native")
    .description("begin to take free stake out; `withdraw` pays it once it has thawed")
    .action(async (amount: string, _values: unknown, command: Command) => {
      const { token: name } = parseOptions(options, command.opts());
      await withSession(parseCommonOptions(command.optsWithGlobals()), async (session) => {
        const { chain, contracts, log } = session;
        await untilInterrupted(async (signal) => {
          const token = await readToken(contracts, name);
          const free = await contracts.registry.freeStake(token.address, chain.account);
          const units = amount === "all" ? free : parseMoney(amount, token.format);
          if (units === 0n) return log.info({}, "no free stake: nothing to thaw");
          await sendOrFail(session, await callOf(contracts.registry, "thaw", [token.address, units]), signal);
          const { freeAt } = await contracts.registry.thawing(token.address, chain.account);
          const shown = formatMoney(units, token.format);
          log.info({ amount: units.toString(), shown, freeAt: Number(freeAt) }, "thawing");
        });
      });
    });
}
