import { basename } from "node:path";

import { Command } from "commander";

import { addCommonOptions, parseCommonOptions, type CommonOptions } from "./options.ts";

/** What a script of `scripts/` was started with. */
export interface ShellArguments {
  readonly common: CommonOptions;
  readonly argument: string | undefined;
}

/**
 * Parses the arguments of a script that is a shell over a command. `npx hardhat run` hands no arguments on, so that
 * what the script works on, and the options, come from the environment there.
 *
 * @param script the script's file name
 * @param argument what it works on, and the environment's variable for it
 */
export function parseShellArguments(script: string, argument: { name: string; variable: string }): ShellArguments {
  const isOwn = basename(process.argv[1] ?? "") === script;
  const program = addCommonOptions(new Command(script)).argument(`[${argument.name}]`);
  program.parse(isOwn ? process.argv.slice(2) : [], { from: "user" });
  return {
    common: parseCommonOptions(program.opts()),
    argument: program.args[0] ?? process.env[argument.variable],
  };
}
