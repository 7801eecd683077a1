import { existsSync, readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { pathToFileURL } from "node:url";

import type { SourceTree } from "./source-tree.ts";

/** A pattern for paths in a tool's configuration. */
export interface PathPattern {
  /** Configuration file with the pattern. */
  readonly config: string;
  readonly pattern: string;
}

/**
 * Finds stale patterns, which match no file: globs in the configurations of eslint, prettier, solhint and TypeScript,
 * and regular expressions of the import rules, in which each alternative must match a file.
 *
 * Patterns for build output listed in `.gitignore` are exempt, because the output need not exist.
 */
export async function findStalePatterns({ root, files }: SourceTree): Promise<readonly PathPattern[]> {
  const paths = [...files, ...ignoredPaths(root)];
  const globs = [...(await eslintGlobs(root)), ...ignoreFileGlobs(root), ...typescriptGlobs(root)];
  const rules = (await importRules(root)).flatMap(({ config, pattern }) =>
    alternativesOf(pattern).map((alternative) => ({ config, pattern: alternative })),
  );
  return [
    ...globs.filter(({ pattern }) => !paths.some((path) => globMatches(path, pattern))),
    ...rules.filter(({ pattern }) => !namesPackage(pattern) && !paths.some((path) => ruleMatches(path, pattern))),
  ];
}

/** A back-reference such as `$1`, to a group of the rule's `from`, matches any folder or name. */
function ruleMatches(path: string, pattern: string): boolean {
  return new RegExp(pattern.replaceAll(/\$\d/g, "[^/]+")).test(path);
}

/** One sample path for each line of `.gitignore`. */
function ignoredPaths(root: string): readonly string[] {
  return linesOf(root, ".gitignore").map((line) => {
    const path = line.replace(/^\//, "").replaceAll("*", "any");
    return path.endsWith("/") ? `${path}any` : path;
  });
}

/** Matches like `.gitignore`: a pattern without a slash matches at every depth, a folder all files below it. */
function globMatches(path: string, pattern: string): boolean {
  const folder = pattern.replace(/\/$/, "");
  const anywhere = folder.includes("/") ? [folder] : [folder, `**/${folder}`];
  return anywhere.some((glob) => matchesGlob(path, glob) || matchesGlob(path, `${glob}/**`));
}

async function eslintGlobs(root: string): Promise<readonly PathPattern[]> {
  const config = "eslint.config.js";
  const entries = await defaultExport(root, config);
  // Not recursive: plugins are cyclic objects.
  const patterns = Array.isArray(entries) ? entries.flatMap(entryGlobs) : [];
  return patterns.filter((pattern) => !isExtension(pattern)).map((pattern) => ({ config, pattern }));
}

function entryGlobs(entry: unknown): readonly string[] {
  if (typeof entry !== "object" || entry === null) return [];
  const { files, ignores } = entry as { readonly files?: unknown; readonly ignores?: unknown };
  return [files, ignores].flatMap((globs) => stringsIn(globs, []));
}

/** Whether a glob only selects a file extension; presets have globs for extensions that this project does not use. */
function isExtension(glob: string): boolean {
  return /^\*\*\/\*\.[^/]*$/.test(glob);
}

function ignoreFileGlobs(root: string): readonly PathPattern[] {
  return [".prettierignore", ".solhintignore"].flatMap((config) =>
    linesOf(root, config).map((pattern) => ({ config, pattern })),
  );
}

function typescriptGlobs(root: string): readonly PathPattern[] {
  const config = "tsconfig.json";
  if (!existsSync(join(root, config))) return [];
  const settings: unknown = JSON.parse(readFileSync(join(root, config), "utf8"));
  return stringsUnder(settings, ["include"]).map((pattern) => ({ config, pattern }));
}

async function importRules(root: string): Promise<readonly PathPattern[]> {
  const config = ".dependency-cruiser.js";
  const patterns = stringsUnder(await defaultExport(root, config), ["path", "pathNot"]);
  return patterns.map((pattern) => ({ config, pattern }));
}

/** Expands every group: `^a/(b|c)$` becomes `^a/(?:b)$` and `^a/(?:c)$`. */
function alternativesOf(pattern: string): readonly string[] {
  const group = /\((?!\?)([^()]*)\)/.exec(pattern) ?? /\((?!\?)((?:[^()]|\(\?:[^()]*\))*)\)/.exec(pattern);
  if (group === null) return [pattern];
  const [whole, inside = ""] = group;
  const choices = splitAlternatives(inside);
  return choices.flatMap((choice) => alternativesOf(pattern.replace(whole, () => `(?:${choice})`)));
}

/** Splits at `|` outside groups. */
function splitAlternatives(inside: string): readonly string[] {
  const choices = [""];
  let depth = 0;
  for (const char of inside) {
    if (char === "(") depth++;
    if (char === ")") depth--;
    if (char === "|" && depth === 0) choices.push("");
    else choices[choices.length - 1] += char;
  }
  return choices;
}

function namesPackage(pattern: string): boolean {
  return /^\^(node_modules|@)/.test(pattern);
}

/** All strings under the given keys, at any depth. */
function stringsUnder(value: unknown, keys: readonly string[]): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const own: readonly [string, unknown][] = Object.entries(value);
  return [
    ...new Set(
      own.flatMap(([key, child]) => (keys.includes(key) ? stringsIn(child, keys) : stringsUnder(child, keys))),
    ),
  ];
}

function stringsIn(value: unknown, keys: readonly string[]): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.flatMap((child) => stringsIn(child, keys)) : stringsUnder(value, keys);
}

async function defaultExport(root: string, config: string): Promise<unknown> {
  const path = join(root, config);
  if (!existsSync(path)) return undefined;
  const module: unknown = await import(pathToFileURL(path).href);
  return typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
}

function linesOf(root: string, file: string): readonly string[] {
  const path = join(root, file);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
}
