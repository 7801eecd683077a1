import { pino, type Logger } from "pino";

import type { CommonOptions } from "../options/options.ts";

/** A worker's log on standard output: JSON lines when piped, readable lines on a terminal. Never log keys or salts. */
export function workerLog(options: CommonOptions): Logger {
  const level = options.quiet ? "warn" : (process.env.COMMONWEIGHT_LOG_LEVEL ?? "info");
  if (!process.stdout.isTTY || options.json) return jsonLog(level, 1);
  return prettyLog(level, 1);
}

/** A command's log on standard error: warnings, or the level in COMMONWEIGHT_LOG_LEVEL. */
export function commandLog(): Logger {
  const level = process.env.COMMONWEIGHT_LOG_LEVEL ?? "warn";
  return process.stderr.isTTY ? prettyLog(level, 2) : jsonLog(level, 2);
}

function prettyLog(level: string, destination: number): Logger {
  return pino({
    level,
    base: null,
    transport: { target: "pino-pretty", options: { destination, ignore: "pid,hostname" } },
  });
}

function jsonLog(level: string, dest: number): Logger {
  return pino({ level, base: null }, pino.destination({ dest, sync: true }));
}
