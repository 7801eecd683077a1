import type { CommanderError } from "commander";

import { CommonweightError } from "@commonweight/sdk/errors";

/** The error for a command line that the program does not understand. */
export function usageError({ code, message }: CommanderError): CommonweightError {
  // Commander's message is "(outputHelp)" if it printed the help of an incomplete command.
  const text = code === "commander.help" ? "a command is missing" : message.replace(/^error: /, "");
  return new CommonweightError("USAGE", text, "`commonweight help COMMAND` prints a command's usage.");
}
