import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { decodeText } from "@commonweight/sdk/decode-text";
import { CommonweightError } from "@commonweight/sdk/errors";
import { SETTINGS, type Layer, type Setting } from "./settings.ts";

const MAX_BYTES = 65_536;

const text = z.union([z.string(), z.number().transform(String)]);
const FORMS: Readonly<Record<Setting["kind"], z.ZodType>> = {
  text,
  path: z.string().min(1, "the path is empty"),
  list: z.union([z.array(z.string()), z.string().transform((one) => [one])]),
  switch: z.boolean(),
};
const configFile = z
  .strictObject(Object.fromEntries(SETTINGS.map(({ key, kind }) => [key, FORMS[kind].optional()])))
  .nullish();

/**
 * Reads the settings of a configuration file. Relative paths start at the file's folder.
 *
 * @throws CONFIG_UNREADABLE · CONFIG_INVALID
 */
export function configLayer(path: string): Layer {
  const parsed = configFile.safeParse(parseYaml(readText(path), path));
  if (!parsed.success) throw invalid(path, z.prettifyError(parsed.error), parsed.error);
  const values = Object.entries(parsed.data ?? {}).map(([key, value]): [string, unknown] => [
    key,
    fromFolder(path, key, value),
  ]);
  return { values: Object.fromEntries(values), nameOf: ({ key }) => `${key} in ${path}` };
}

function parseYaml(source: string, path: string): unknown {
  try {
    return parse(source, { uniqueKeys: true, maxAliasCount: 0, logLevel: "error" });
  } catch (cause) {
    throw invalid(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function fromFolder(path: string, key: string, value: unknown): unknown {
  const isPath = SETTINGS.some((setting) => setting.key === key && setting.kind === "path");
  return isPath && typeof value === "string" ? resolve(dirname(path), value) : value;
}

function readText(path: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new CommonweightError(
      "CONFIG_UNREADABLE",
      `the configuration file ${path} cannot be read`,
      "Pass the path of a file with settings: --config FILE, or COMMONWEIGHT_CONFIG.",
      { cause },
    );
  }
  if (bytes.length > MAX_BYTES) throw invalid(path, `it has more than ${MAX_BYTES} bytes`);
  return decodeText(bytes) ?? fail(path);
}

function fail(path: string): never {
  throw invalid(path, "it is not UTF-8");
}

function invalid(path: string, reason: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "CONFIG_INVALID",
    `${path} has no valid settings: ${reason}`,
    `Write YAML in UTF-8 with these keys alone: ${SETTINGS.map(({ key }) => key).join(", ")}.`,
    { cause },
  );
}
