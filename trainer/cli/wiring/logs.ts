import { pino, type Logger } from "pino";
import { prettyFactory } from "pino-pretty";

import type { CommonOptions } from "../options/options.ts";
import { openLogOutput } from "./log-output.ts";

type LogOptions = Pick<CommonOptions, "json" | "quiet" | "logLevel">;

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;

/** A worker's log on standard output: JSON lines when piped, readable lines on a terminal. Never log keys or salts. */
export function workerLog(options: LogOptions): Logger {
  const level = options.quiet ? "warn" : (options.logLevel ?? "info");
  return logTo(STANDARD_OUTPUT, level, process.stdout.isTTY && !options.json);
}

/** A command's log on standard error: warnings, unless another level is set. */
export function commandLog({ json, logLevel = "warn" }: LogOptions): Logger {
  return logTo(STANDARD_ERROR, logLevel, process.stderr.isTTY && !json);
}

function logTo(descriptor: number, level: string, isPretty: boolean): Logger {
  const output = openLogOutput(descriptor);
  if (!isPretty) return pino({ level, base: null }, output);
  const pretty = prettyFactory({ colorize: true, ignore: "pid,hostname" });
  return pino({ level, base: null }, { write: (line: string) => output.write(pretty(line)) });
}
