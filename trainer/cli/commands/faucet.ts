import type { Command } from "commander";
import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import { LOCAL_CHAIN_ID } from "@commonweight/sdk/chain/local-chain";
import { formatMoney, parseMoney, type TokenFormat } from "@commonweight/sdk/job-file/money";
import { addressOption } from "../options/amounts.ts";
import { parseCommonOptions, parseOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { accountOf } from "../wiring/keys.ts";
import { withAnyChain } from "../wiring/reader.ts";
import { sendTestCoins } from "../wiring/test-coins.ts";

const options = z.object({ amount: z.string(), account: addressOption.optional() });
const COINS: TokenFormat = { decimals: 18, symbol: "coins", native: true };

/** `commonweight faucet`: coins of a local chain, which are worth nothing. */
export function addFaucet(program: Command): void {
  program
    .command("faucet")
    .option("--amount <coins>", "how many", "100")
    .option("--account <address>", "another account than the key's")
    .description("on a local chain: send test coins to the account")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const { amount, account: named } = parseOptions(options, command.opts());
      const account = named ?? (await accountOf(common)) ?? fail();
      const units = parseMoney(amount, COINS);
      await withAnyChain(common, async (chain) => {
        if (chain.chainId !== LOCAL_CHAIN_ID) throw notLocal(chain.chainId);
        const balance = await sendTestCoins(chain.runner, account, units);
        printResult(common, { account, sent: units, balance }, () => [
          `sent ${formatMoney(units, COINS)} to ${account}; it has ${formatMoney(balance, COINS)}`,
        ]);
      });
    });
}

function notLocal(chainId: bigint): CommonweightError {
  return new CommonweightError(
    "FAUCET_NOT_LOCAL",
    `chain ${chainId} is no local chain`,
    "Coins of a public chain are bought, or come from a test network's own faucet.",
  );
}

function fail(): never {
  throw new CommonweightError(
    "KEY_MISSING",
    "nothing says which account",
    "Name a key (--keystore or --key-file), or an address: --account ADDRESS.",
  );
}
