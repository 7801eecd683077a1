/** Longest reason, in characters, that an error repeats from a program's output. */
const REASON_LENGTH = 200;

/** How npm, pip, g++ and Node begin a line about an error. */
const ERROR_LINE = /^npm error|^ERROR: |\berror: |\b[A-Z]?[a-zA-Z]*Error: /;

/** The first line of an output about an error, else its last line; `undefined` without output. */
export function reasonIn(output: string): string | undefined {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => ERROR_LINE.test(line)) ?? lines.at(-1))?.trim().slice(0, REASON_LENGTH);
}
