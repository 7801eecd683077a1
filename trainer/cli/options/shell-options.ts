import { basename } from "node:path";

import { Command } from "commander";

import { addCommonOptions, parseCommonOptions, type CommonOptions } from "./options.ts";

/** Parsed arguments of a script in `scripts/`. */
export interface ShellArguments {
  readonly common: CommonOptions;
  readonly argument: string | undefined;
}

/**
 * Parses the arguments of a script that wraps a command. `npx hardhat run` passes no arguments to a script, so under
 * it the argument and the options come from environment variables.
 *
 * @param script the script's file name
 * @param argument the argument's name, and the environment variable that replaces it
 */
export function parseShellArguments(script: string, argument: { name: string; variable: string }): ShellArguments {
  const isOwn = basename(process.argv[1] ?? "") === script;
  const program = addCommonOptions(new Command(script)).argument(`[${argument.name}]`);
  program.parse(isOwn ? process.argv.slice(2) : [], { from: "user" });
  return {
    common: parseCommonOptions(program.opts()),
    // An empty variable counts as unset.
    argument: program.args[0] ?? (process.env[argument.variable] || undefined),
  };
}
