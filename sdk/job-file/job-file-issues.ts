import type { z } from "zod";

import type { JobFileProblem } from "./job-file-error.ts";
import { nearestWord } from "./nearest-word.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];
/** A JSON schema, or a part of one. */
type Schema = Readonly<Record<string, unknown>>;

/**
 * Translates a schema's issues into the user's terms.
 *
 * @param schema JSON schema of the value, for the allowed keys and their descriptions
 */
export function problemsOf(issues: readonly Issue[], value: unknown, schema: Schema): readonly JobFileProblem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, [], value, schema));
}

function problemsOfIssue(issue: Issue, base: Path, root: unknown, schema: Schema): readonly JobFileProblem[] {
  const path = [...base, ...issue.path];
  if (issue.code === "invalid_union") {
    const meant = issue.errors.find((branch) => !branch.some(isOfWrongKind));
    if (meant !== undefined) return meant.flatMap((one) => problemsOfIssue(one, path, root, schema));
  }
  if (issue.code === "unrecognized_keys") {
    const known = placesAt(schema, path, root).flatMap((place) => Object.keys(record(place["properties"])));
    return issue.keys.map((key) => unknownKey([...path, key], key, known));
  }
  const value = at(root, path);
  const [message, fix] = value === undefined ? missing(path, root, schema) : wrong(issue, value);
  return [{ path: tidy(path), message, fix }];
}

/** Whether the value is of another kind than the union branch that the issue comes from. */
function isOfWrongKind(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");
}

function unknownKey(path: Path, key: string, known: readonly string[]): JobFileProblem {
  const near = nearestWord(key, known);
  const fix =
    near === undefined ? `Remove it; allowed here: ${[...new Set(known)].join(", ")}.` : `Did you mean ${near}?`;
  return { path: tidy(path), message: "unknown key", fix, atKey: true };
}

function missing(path: Path, root: unknown, schema: Schema): readonly [string, string] {
  const description = placesAt(schema, path, root).find((place) => "description" in place)?.["description"];
  return ["missing", `Add ${String(path.at(-1))}${description === undefined ? "." : `: ${String(description)}`}`];
}

function wrong(issue: Issue, value: unknown): readonly [string, string] {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, value);
    case "invalid_value":
      return notOneOf(value, issue.values);
    case "invalid_union":
      return notOneOf(value, [...optionsOf(issue), ...issue.errors.flat().flatMap(valuesOf)], formsOf(issue));
    case "too_small":
      return outside({ ...issue, limit: issue.minimum }, "at least");
    case "too_big":
      return outside({ ...issue, limit: issue.maximum }, "at most");
    case "custom":
      return [`${quoted(value)} is not accepted: ${issue.message}`, fixOf(issue) ?? "Change it to that form."];
    default:
      return [`${quoted(value)} is not accepted: ${issue.message}`, "Change it to that form."];
  }
}

/** The fix that a schema's own check gives. */
function fixOf({ params }: Extract<Issue, { code: "custom" }>): string | undefined {
  return typeof params?.["fix"] === "string" ? params["fix"] : undefined;
}

function wrongType(expected: string, value: unknown): readonly [string, string] {
  const name = { int: "whole number", record: "mapping", object: "mapping", array: "list", string: "text" }[expected];
  const fix = expected === "string" && typeof value !== "object" ? "Put it in quotes." : `Write a ${name ?? expected}.`;
  return [`expected a ${name ?? expected}, got ${quoted(value)}`, fix];
}

function notOneOf(value: unknown, allowed: readonly unknown[], forms?: string): readonly [string, string] {
  const words = [...new Set(allowed.map(String))];
  const near = nearestWord(String(value), words);
  const list = forms ?? words.join(", ");
  return [
    `${quoted(value)} is not accepted`,
    near === undefined ? `Write ${list}.` : `Did you mean ${near}? Allowed: ${list}.`,
  ];
}

/** The forms that a union's own error names; a test goes through the schema, so that none is without. */
function formsOf({ message }: Issue): string | undefined {
  return /^Write (.*)\.$/.exec(message)?.[1];
}

/** A discriminator's allowed values: zod provides them at run time, but not in its types. */
function optionsOf(issue: Issue): readonly unknown[] {
  return "options" in issue && Array.isArray(issue.options) ? issue.options : [];
}

function valuesOf(issue: Issue): readonly unknown[] {
  return issue.code === "invalid_value" ? issue.values : [];
}

/** The violated bound, whether it is inclusive, and the kind of value. */
interface Bound {
  readonly limit: number | bigint;
  readonly inclusive?: boolean | undefined;
  readonly origin: string;
}

function outside({ limit, inclusive = true, origin }: Bound, bound: "at least" | "at most"): readonly [string, string] {
  const things = { string: " characters", array: " entries" }[origin] ?? "";
  const relation = bound === "at least" ? "more" : "less";
  if (inclusive) return [`must be ${bound} ${limit}${things}`, `Write ${limit}${things} or ${relation}.`];
  return [`must be ${relation} than ${limit}${things}`, `Write a number that is ${relation}.`];
}

/** The subschemas that apply at a path; several in a union. */
function placesAt(schema: Schema, path: Path, root: unknown): readonly Schema[] {
  let places = choices(schema, root);
  for (const [depth, key] of path.entries()) {
    const value = at(root, path.slice(0, depth + 1));
    places = places.flatMap((place) => below(place, key)).flatMap((place) => choices(place, value));
  }
  return places;
}

function below(place: Schema, key: PropertyKey): readonly Schema[] {
  const next = typeof key === "number" ? place["items"] : record(place["properties"])[String(key)];
  return next === undefined ? [] : [record(next)];
}

/** Follows `anyOf` and `oneOf` into the branches whose constants the value does not contradict. */
function choices(place: Schema, value: unknown): readonly Schema[] {
  const branches = [place["anyOf"], place["oneOf"]].flat().filter((branch) => branch !== undefined);
  const fitting = branches.map(record).filter((branch) => !contradicts(branch, value));
  return [place, ...fitting.flatMap((branch) => choices(branch, value))];
}

function contradicts(branch: Schema, value: unknown): boolean {
  return Object.entries(record(branch["properties"])).some(([key, property]) => {
    const constant = record(property)["const"];
    const actual = at(value, [key]);
    return constant !== undefined && actual !== undefined && actual !== constant;
  });
}

function at(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => {
    const inner = record(value);
    return Object.hasOwn(inner, key) ? inner[String(key)] : undefined;
  }, root);
}

function record(value: unknown): Schema {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function quoted(value: unknown): string {
  const text = typeof value === "object" ? (Array.isArray(value) ? "a list" : "a mapping") : JSON.stringify(value);
  return value === null ? "nothing" : String(text).slice(0, 60);
}

function tidy(path: Path): readonly (string | number)[] {
  return path.map((key) => (typeof key === "symbol" ? String(key) : key));
}
