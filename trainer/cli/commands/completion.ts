import { Argument, type Command } from "commander";

import { completionScript, SHELLS, type Place, type Shell } from "../text/completion-script.ts";

/** `commonweight completion`: prints a script that completes commands and flags in a shell. */
export function addCompletion(program: Command): void {
  program
    .command("completion")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .description("print a script that completes commands and flags: source <(commonweight completion bash)")
    .action((shell: Shell) => {
      process.stdout.write(completionScript(shell, placesOf(program, program, "")));
    });
}

/** The words that may follow each command: its subcommands, its flags and the program's. */
function placesOf(program: Command, command: Command, path: string): readonly Place[] {
  const commands = command.commands.map((one) => one.name());
  const isTop = command === program;
  const flags = [...command.options, ...(isTop ? [] : program.options)].flatMap(({ long }) => long ?? []);
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const own = {
    path,
    words: [...choices, ...commands, ...(isTop || commands.length > 0 ? ["help"] : []), ...flags, "--help"],
  };
  return [own, ...command.commands.flatMap((one) => placesOf(program, one, `${path}/${one.name()}`))];
}
