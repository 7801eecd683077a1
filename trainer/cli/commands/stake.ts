import type { Command } from "commander";
import { z } from "zod";

import { showMoney, parseMoney } from "@commonweight/sdk/job-file/money";
import { NO_PERMIT } from "@commonweight/sdk/chain/permit";
import { readToken } from "@commonweight/sdk/chain/token-format";
import { provideToken } from "../../roles/worker/provide-token.ts";
import { callOf } from "../../roles/worker/send.ts";
import { sendOrFail } from "../../roles/worker/send-or-fail.ts";
import { tokenOption } from "../options/amounts.ts";
import { parseCommonOptions, parseOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { untilInterrupted } from "../wiring/until-interrupted.ts";
import { withSending } from "../wiring/session.ts";

const options = z.object({ token: tokenOption });

/** `commonweight stake`: adds to the account's free stake. */
export function addStake(program: Command): void {
  program
    .command("stake")
    .argument("<amount>", "in whole tokens, such as 1.5")
    .option("--token <address>", "native or a token's address", "native")
    .description("deposit stake, the collateral for a validator's seats")
    .action(async (amount: string, _values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const { token: name } = parseOptions(options, command.opts());
      await withSending(common, (session) =>
        untilInterrupted(async (signal) => {
          const { chain, contracts } = session;
          const { address, format } = await readToken(contracts, name);
          const units = parseMoney(amount, format);
          const provide = provideToken(session, { spender: "registry" });
          const permit = units > 0n ? await provide(address, units, signal) : NO_PERMIT;
          await sendOrFail(session, await callOf(contracts.registry.stake, address, units, permit), signal);
          const free = await contracts.registry.freeStake(address, chain.account);
          printResult(common, { account: chain.account, token: address, staked: units, freeStake: free }, () => [
            `staked ${showMoney(units, format)}; free stake is now ${showMoney(free, format)}`,
          ]);
        }),
      );
    });
}
