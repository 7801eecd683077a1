import { existsSync, readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { pathToFileURL } from "node:url";

import type { SourceTree } from "./source-tree.ts";

/** A pattern for paths in a tool's configuration. */
export interface PathPattern {
  /** File that the pattern stands in. */
  readonly config: string;
  readonly pattern: string;
}

/**
 * Finds patterns that match no file any more: globs of eslint's, prettier's, solhint's and TypeScript's configuration,
 * and the regular expressions of the import rules, of which each alternative must match.
 *
 * Patterns for build output that `.gitignore` names are fine: the output need not exist.
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

/** A group that a rule takes over from its `from`, `$1`, stands for some folder or name. */
function ruleMatches(path: string, pattern: string): boolean {
  return new RegExp(pattern.replaceAll(/\$\d/g, "[^/]+")).test(path);
}

/** A path for each line of `.gitignore`, as if its output existed. */
function ignoredPaths(root: string): readonly string[] {
  return linesOf(root, ".gitignore").map((line) => {
    const path = line.replace(/^\//, "").replaceAll("*", "any");
    return path.endsWith("/") ? `${path}any` : path;
  });
}

/**
 * Matches like the ignore files of git: a pattern without a folder matches at every depth, a folder all that it holds.
 */
function globMatches(path: string, pattern: string): boolean {
  const folder = pattern.replace(/\/$/, "");
  const anywhere = folder.includes("/") ? [folder] : [folder, `**/${folder}`];
  return anywhere.some((glob) => matchesGlob(path, glob) || matchesGlob(path, `${glob}/**`));
}

async function eslintGlobs(root: string): Promise<readonly PathPattern[]> {
  const config = "eslint.config.js";
  const entries = await defaultExport(root, config);
  // Entry by entry, not deeper: plugins refer to themselves.
  const patterns = Array.isArray(entries) ? entries.flatMap(entryGlobs) : [];
  return patterns.filter((pattern) => !isExtension(pattern)).map((pattern) => ({ config, pattern }));
}

function entryGlobs(entry: unknown): readonly string[] {
  if (typeof entry !== "object" || entry === null) return [];
  const { files, ignores } = entry as { readonly files?: unknown; readonly ignores?: unknown };
  return [files, ignores].flatMap((globs) => stringsIn(globs, []));
}

/** Whether a glob selects an extension in all folders, as presets do for extensions that this project does not use. */
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

/** `^a/(b|c)$` as `^a/(?:b)$` and `^a/(?:c)$`, for every group. */
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

/** All strings under the given keys, however deep. */
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
