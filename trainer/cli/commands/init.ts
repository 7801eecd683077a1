import type { Command } from "commander";

import { CommonweightError } from "@commonweight/sdk/errors";
import { parseCommonOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { createAccount, keySourceOf } from "../wiring/keys.ts";

/** `commonweight init`: creates an account's key, encrypted with a password read from a file. */
export function addInit(program: Command): void {
  program
    .command("init")
    .description("create a key: writes --keystore FILE, encrypted with the first line of --password-file FILE")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const source = keySourceOf(common);
      if (source?.kind !== "keystore") {
        throw new CommonweightError(
          "KEY_MISSING",
          "no keystore or no password file is given",
          "Pass a new file and a file with a password: init --keystore FILE --password-file FILE.",
        );
      }
      const { path: keystore, passwordPath } = source;
      const account = await createAccount(keystore, passwordPath);
      printResult(common, { account, keystore }, () => [
        `account ${account}`,
        `its key is in ${keystore}; back up the file and the password: they cannot be recovered`,
      ]);
    });
}
