import { resolve } from "node:path";

import type { Command } from "commander";
import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import { addressOption, tokenOption } from "./amounts.ts";
import { configLayer } from "./config-file.ts";
import { kuboOption } from "./kubo-option.ts";
import { addSettings, environmentLayer, flagLayer, mergeSettings, type Layer } from "./settings.ts";

/** Path of a file or folder. */
const path = z
  .string()
  .min(1, "the path is empty")
  .max(4_096, "the path has more than 4096 characters")
  .refine((text) => !text.includes("\0"), "the path has a NUL character");

/** Options of every command. Secrets are passed as file paths, never as values. */
const optionsBeforeRules = z.object({
  rpc: z.array(z.string()).min(1),
  deployment: path,
  keyFile: path.optional(),
  keystore: path.optional(),
  passwordFile: path.optional(),
  // Absolute, because SQLite would read `file:` at the start of a path as a URI.
  dataDir: path.transform((text) => resolve(text)),
  bootstrap: z.array(z.string()),
  listen: z.string().optional(),
  kubo: kuboOption,
  fetchTimeout: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, "expected whole seconds, 1 to 99999")
    .transform((text) => Number(text) * 1_000),
  logLevel: z.enum(["debug", "info", "warn", "error"]).optional(),
  mostJobs: z
    .string()
    .regex(/^([1-9]|[1-5]\d|6[0-4])$/, "expected a whole number, 1 to 64")
    .transform(Number)
    .optional(),
  minReward: z.string().regex(/^\d/, "expected an amount, such as 5 or 0.25"),
  rewardToken: tokenOption,
  maxModelBytes: z
    .string()
    .regex(/^[1-9]\d{0,11}$/, "expected whole bytes, 1 to 999999999999")
    .transform(Number)
    .optional(),
  initiators: z.array(addressOption),
  json: z.boolean(),
  quiet: z.boolean(),
});

/** {@link optionsBeforeRules} that agree with each other. */
export const commonOptions = optionsBeforeRules.refine(
  ({ kubo, listen }) => kubo === undefined || listen === undefined,
  {
    path: ["listen"],
    error: "not with --kubo: a Kubo daemon listens where Addresses.Swarm of its own configuration says",
  },
);

export type CommonOptions = z.infer<typeof commonOptions>;

/** Adds the common options to the program. */
export function addCommonOptions(program: Command): Command {
  addSettings(program);
  return program.option("--config <file>", "configuration file with settings (COMMONWEIGHT_CONFIG)");
}

/**
 * Parses the common options: flags, then environment variables, then the configuration file. Reports all mistakes
 * together, each with the flag, variable or key that it stands in.
 *
 * @throws OPTIONS_INVALID · CONFIG_UNREADABLE · CONFIG_INVALID
 */
export function parseCommonOptions(values: Readonly<Record<string, unknown>>): CommonOptions {
  const { config } = values;
  const file = typeof config === "string" ? config : process.env.COMMONWEIGHT_CONFIG?.trim();
  const layers: readonly Layer[] = [
    flagLayer(values),
    environmentLayer(process.env),
    ...(file === undefined || (file === "" && config === undefined) ? [] : [configLayer(file)]),
  ];
  const merged = mergeSettings(layers);
  const result = commonOptions.safeParse(merged.values);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path: [key], message }) => `${merged.nameOf(String(key))}: ${message}`);
  throw optionsInvalid(lines.join("\n"), result.error);
}

/** Whether a command line asks for JSON; read before it is parsed, for errors of its usage. */
export function wantsJson(words: readonly string[] = process.argv.slice(2)): boolean {
  const end = words.indexOf("--");
  return (end === -1 ? words : words.slice(0, end)).includes("--json");
}

/**
 * Parses a command's options or arguments.
 *
 * @throws OPTIONS_INVALID
 */
export function parseOptions<Schema extends z.ZodType>(schema: Schema, values: unknown): z.output<Schema> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  throw optionsInvalid(z.prettifyError(result.error), result.error);
}

function optionsInvalid(message: string, cause: unknown): CommonweightError {
  return new CommonweightError("OPTIONS_INVALID", message, "`commonweight help COMMAND` prints the command's usage.", {
    cause,
  });
}

/** Hash of the terms that a worker was told to take. */
export const termsOption = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, "expected the terms that `commonweight job show` prints: 0x and 64 hexadecimal digits")
  .toLowerCase()
  .optional();

/** Job number option, 1 or more. */
export const jobIdOption = z
  .string()
  .regex(/^[1-9]\d{0,17}$/, "expected a job number, such as 1")
  .transform(BigInt);

/** Repeatable job number option: each job once, in the order given; none if left out. */
export const jobIdsOption = z
  .array(jobIdOption)
  .default([])
  .transform((ids) => [...new Set(ids)]);

/** Collects a repeatable option's values. */
export function listOf(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
