import type { Command } from "commander";

import { CommonweightError } from "@commonweight/sdk/errors";
import { parseCommonOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { createAccount } from "../wiring/keys.ts";

/** `commonweight init`: makes an account's key, encrypted with the password in a file. */
export function addInit(program: Command): void {
  program
    .command("init")
    .description("make a key: a new keystore (--keystore FILE), encrypted with the first line of --password-file FILE")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const { keystore, passwordFile } = common;
      if (keystore === undefined || passwordFile === undefined) {
        throw new CommonweightError(
          "KEY_MISSING",
          "nothing says where the key goes",
          "Name a new file and a file with a password: init --keystore FILE --password-file FILE.",
        );
      }
      const account = await createAccount(keystore, passwordFile);
      printResult(common, { account, keystore }, () => [
        `account ${account}`,
        `its key is in ${keystore}; keep it and the password safe, for nobody can restore them`,
      ]);
    });
}
