import type { Command } from "commander";
import { z } from "zod";

import { showMoney, parseMoney } from "@commonweight/sdk/job-file/money";
import { readToken } from "@commonweight/sdk/chain/token-format";
import { callOf } from "../../roles/worker/send.ts";
import { sendOrFail } from "../../roles/worker/send-or-fail.ts";
import { tokenOption } from "../options/amounts.ts";
import { parseCommonOptions, parseOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { timeText } from "../text/show-text.ts";
import { untilInterrupted } from "../wiring/until-interrupted.ts";
import { withSending } from "../wiring/session.ts";

const options = z.object({ token: tokenOption });

/** `commonweight thaw`: starts the thaw period of free stake, before it can be withdrawn. */
export function addThaw(program: Command): void {
  program
    .command("thaw")
    .argument("<amount>", "in whole tokens, or all")
    .option("--token <address>", "native or a token's address", "native")
    .description("start to unstake free stake; `withdraw` pays it out after the thaw period")
    .action(async (amount: string, _values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const { token: name } = parseOptions(options, command.opts());
      await withSending(common, (session) =>
        untilInterrupted(async (signal) => {
          const { chain, contracts } = session;
          const { registry } = contracts;
          const { address, format } = await readToken(contracts, name);
          const units =
            amount === "all" ? await registry.freeStake(address, chain.account) : parseMoney(amount, format);
          if (amount !== "all" || units > 0n) {
            await sendOrFail(session, await callOf(registry.thaw, address, units), signal);
          }
          const { amount: thawing, freeAt } = await registry.thawing(address, chain.account);
          const result = { account: chain.account, token: address, thawed: units, thawing, freeAt: Number(freeAt) };
          printResult(common, result, () => [
            units === 0n
              ? "no free stake: nothing to thaw"
              : `${showMoney(thawing, format)} thaws until ${timeText(Number(freeAt))}; then \`commonweight withdraw\``,
          ]);
        }),
      );
    });
}
