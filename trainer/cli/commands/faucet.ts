import type { Command } from "commander";
import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import { isLocalChain } from "@commonweight/sdk/chain/local-chain";
import { showMoney, parseMoney, type TokenFormat } from "@commonweight/sdk/job-file/money";
import { addressOption } from "../options/amounts.ts";
import { parseCommonOptions, parseOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { accountOf } from "../wiring/keys.ts";
import { withAnyChain } from "../wiring/reader.ts";
import { sendTestCoins } from "../wiring/test-coins.ts";

const options = z.object({ amount: z.string(), account: addressOption.optional() });
const COINS: TokenFormat = { decimals: 18, symbol: "coins", native: true };

/** `commonweight faucet`: sends worthless coins of a local chain to an account. */
export function addFaucet(program: Command): void {
  program
    .command("faucet")
    .option("--amount <coins>", "amount to send", "100")
    .option("--account <address>", "receiving account; default the key's account")
    .description("send test coins to an account, on a local chain only")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const { amount, account: named } = parseOptions(options, command.opts());
      const account = named ?? (await accountOf(common)) ?? fail();
      const units = parseMoney(amount, COINS);
      await withAnyChain(common, async (chain) => {
        if (!isLocalChain(chain.chainId)) throw notLocal(chain.chainId);
        const balance = await sendTestCoins(chain.runner, account, units);
        printResult(common, { account, sent: units, balance }, () => [
          `sent ${showMoney(units, COINS)} to ${account}; it has ${showMoney(balance, COINS)}`,
        ]);
      });
    });
}

function notLocal(chainId: bigint): CommonweightError {
  return new CommonweightError(
    "FAUCET_NOT_LOCAL",
    `chain ${chainId} is not a local chain`,
    "On a public chain, buy coins or use the test network's own faucet.",
  );
}

function fail(): never {
  throw new CommonweightError(
    "KEY_MISSING",
    "no account is given",
    "Pass a key (--keystore or --key-file) or an address (--account ADDRESS).",
  );
}
