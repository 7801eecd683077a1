import type { Command } from "commander";
import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";

const folder = z.string().min(1);

/** Options of every command, from flags or environment variables. Secrets are passed as file paths, never as values. */
export const commonOptions = z.object({
  rpc: z.array(z.string()).min(1),
  deployment: folder,
  keyFile: folder.optional(),
  keystore: folder.optional(),
  passwordFile: folder.optional(),
  dataDir: folder,
  bootstrap: z.array(z.string()),
  listen: z.string().optional(),
  fetchTimeout: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, "expected seconds")
    .transform((text) => Number(text) * 1_000),
  json: z.boolean(),
  quiet: z.boolean(),
});

export type CommonOptions = z.infer<typeof commonOptions>;

/** Adds the common options to the program. */
export function addCommonOptions(program: Command): Command {
  const { env } = process;
  return program
    .option("--rpc <url>", "RPC endpoint; repeat for failover (COMMONWEIGHT_RPC)", listOf)
    .option(
      "--deployment <file>",
      "file with the market's addresses",
      env.COMMONWEIGHT_DEPLOYMENT ?? "deployments/local.json",
    )
    .option("--key-file <file>", "file with a raw private key, for local chains", env.COMMONWEIGHT_KEY_FILE)
    .option("--keystore <file>", "encrypted key of the account (keystore v3)", env.COMMONWEIGHT_KEYSTORE)
    .option("--password-file <file>", "file with the keystore's password", env.COMMONWEIGHT_PASSWORD_FILE)
    .option("--data-dir <folder>", "journal and content store", env.COMMONWEIGHT_DATA_DIR ?? ".commonweight")
    .option("--bootstrap <multiaddr>", "address of a worker to connect to; repeatable", listOf)
    .option("--listen <multiaddr>", "address to listen on; default loopback, any port")
    .option("--fetch-timeout <seconds>", "timeout for fetching one file from peers", "30")
    .option("--json", "machine-readable output", false)
    .option("--quiet", "log warnings only", false);
}

/**
 * Parses the common options; flags take precedence over environment variables.
 *
 * @throws OPTIONS_INVALID
 */
export function parseCommonOptions(values: Readonly<Record<string, unknown>>): CommonOptions {
  const rpc = values.rpc ?? process.env.COMMONWEIGHT_RPC?.split(",") ?? ["http://127.0.0.1:8545"];
  const bootstrap = values.bootstrap ?? process.env.COMMONWEIGHT_BOOTSTRAP?.split(",") ?? [];
  return parseOptions(commonOptions, { ...values, rpc, bootstrap });
}

/**
 * Parses a command's options or arguments.
 *
 * @throws OPTIONS_INVALID
 */
export function parseOptions<Schema extends z.ZodType>(schema: Schema, values: unknown): z.output<Schema> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  throw new CommonweightError(
    "OPTIONS_INVALID",
    z.prettifyError(result.error),
    "`commonweight help COMMAND` prints the command's usage.",
    { cause: result.error },
  );
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

/** Repeatable job number option: each job once, in the order given. */
export const jobIdsOption = z
  .array(jobIdOption)
  .min(1)
  .transform((ids) => [...new Set(ids)]);

/** Collects a repeatable option's values. */
export function listOf(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
