import { LineCounter, isAlias, isMap, isPair, isScalar, isSeq, parseDocument, visit, type Document } from "yaml";

import { withoutByteOrderMark } from "../decode-text.ts";
import { JobFileError, type JobFileProblem, type PlacedJob } from "./job-file-error.ts";
import { problemsOf } from "./job-file-issues.ts";
import { brokenRules, warningsFor } from "./job-file-rules.ts";
import { LITERAL_MONEY_KEYS, jobFile, jobFileJsonSchema, type JobFile } from "./job-file-schema.ts";

/** Largest job file that is read, in characters. */
export const MAX_JOB_FILE_LENGTH = 65_536;
const MAX_DEPTH = 16;
/** Parse time is quadratic in the nesting depth, so brackets are limited before parsing. */
const MAX_BRACKETS = 1_000;
/** One syntax error causes many follow-up errors. */
const SYNTAX_ERRORS_SHOWN = 10;
const NESTED_IN_ONE_LINE = /^[^\S\n]*(?:[-?:][^\S\n]+){17}/m;

/** Values kept as source text: YAML would read an address as a number, and round a long amount. */
const LITERAL_KEYS = LITERAL_MONEY_KEYS.map((key) => ["money", key]);

/** Placeholders for missing keys, so that the rules across fields can still be checked. */
const STAND_IN = { name: "-", model: "linear", data: { folder: "-" }, money: { reward: "1" } } as const;

export interface ParsedJobFile extends PlacedJob {
  /** Settings that are allowed but unwise. */
  readonly warnings: readonly JobFileProblem[];
}

/**
 * Parses an initiator's `job.yaml` and reports all its mistakes together, each with its line.
 *
 * @param file the file's name as messages show it
 * @throws JobFileError
 */
export function parseJobFile(source: string, file: string): ParsedJobFile {
  const text = withoutByteOrderMark(source);
  const lines = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const document = readYaml(text, file, lines);
  const located = (problem: JobFileProblem) => ({ ...problem, ...place(offsetOf(document, problem)) });
  const placeOf: PlacedJob["placeOf"] = (path) => place(offsetOf(document, { path }));

  const value: unknown = document.toJS({ maxAliasCount: 0 });
  const checked = jobFile.safeParse(value);
  if (checked.success) {
    const broken = brokenRules(checked.data, []);
    if (broken.length > 0) throw new JobFileError(file, broken.map(located), { job: checked.data, placeOf });
    return {
      job: checked.data,
      placeOf,
      warnings: warningsFor(checked.data).map((one) => ofDefault(document, checked.data, one) ?? located(one)),
    };
  }
  const problems = problemsOf(checked.error.issues, value, jobFileJsonSchema());
  const paths = problems.map(({ path }) => path);
  const mended = jobFile.safeParse(withoutPaths(value, paths));
  const broken = mended.success ? brokenRules(mended.data, paths) : [];
  const rest = mended.success ? { job: mended.data, placeOf } : undefined;
  throw new JobFileError(file, [...problems, ...broken].map(located), rest);
}

/** A warning about a default, which has no place in the file; `undefined` if the key is written or has no default. */
function ofDefault(document: Document, job: JobFile, warning: JobFileProblem): JobFileProblem | undefined {
  const value = warning.path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), job);
  if (document.hasIn(warning.path) || value === undefined || isRecord(value)) return undefined;
  return { ...warning, message: `not given, so it is ${String(value)}: ${warning.message}` };
}

/** Parses the YAML alone: bounded, one document, no aliases, duplicate keys or custom tags. */
function readYaml(text: string, file: string, lines: LineCounter): Document {
  const fail = (message: string, fix: string, position = { line: 1, column: 1 }) =>
    new JobFileError(file, [{ path: [], message, fix, ...position }]);
  if (text.length > MAX_JOB_FILE_LENGTH) {
    throw fail(`the file has more than ${MAX_JOB_FILE_LENGTH} characters`, "Give a job file, not the data.");
  }
  if ((text.match(/[[{]/g) ?? []).length > MAX_BRACKETS || NESTED_IN_ONE_LINE.test(text)) {
    throw fail("nested too deeply", "Write plain lists and mappings.");
  }
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings].slice(0, SYNTAX_ERRORS_SHOWN);
  if (faults.length > 0) {
    throw new JobFileError(
      file,
      faults.map((fault) => yamlProblem(fault.code, fault.message, fault.pos[0], lines)),
    );
  }
  const refused = refusedNode(document);
  if (refused !== undefined) {
    const { line, col } = lines.linePos(refused.offset);
    throw fail(refused.message, refused.fix, { line, column: col });
  }
  keepLiterals(document);
  return document;
}

function yamlProblem(code: string, message: string, offset: number, lines: LineCounter): JobFileProblem {
  const { line, col } = lines.linePos(offset);
  const fix = code === "DUPLICATE_KEY" ? "Keep one of them." : "Check the indentation, the colons and the quotes.";
  return { path: [], message: message.trim(), fix, line, column: col };
}

interface RefusedNode {
  readonly message: string;
  readonly fix: string;
  readonly offset: number;
}

function refusedNode(document: Document): RefusedNode | undefined {
  let refused: RefusedNode | undefined;
  visit(document, {
    Pair: (_key, { key }) => {
      if (isScalar(key)) return undefined;
      refused = { message: "a key must be a word", fix: "Write plain mappings.", offset: startOf(key) ?? 0 };
      return visit.BREAK;
    },
    Node: (_key, node, path) => {
      const offset = node.range?.[0] ?? 0;
      const hasAnchor = !isAlias(node) && node.anchor !== undefined;
      const depth = path.filter((parent) => !isPair(parent)).length;
      if (isAlias(node) || hasAnchor)
        refused = { message: "anchors and aliases are not allowed", fix: "Write it out.", offset };
      if (depth > MAX_DEPTH) refused = { message: "nested too deeply", fix: "Write plain lists and mappings.", offset };
      return refused === undefined ? undefined : visit.BREAK;
    },
  });
  return refused;
}

function keepLiterals(document: Document): void {
  for (const path of LITERAL_KEYS) {
    const node = document.hasIn(path) ? document.getIn(path, true) : undefined;
    if (isScalar(node) && typeof node.value === "number" && node.source !== undefined) node.value = node.source;
  }
}

/** Offset of a problem: of its value if that is a scalar, else of its key, else of the nearest parent that exists. */
function offsetOf(document: Document, { path, atKey }: Pick<JobFileProblem, "path" | "atKey">): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const [depth, key] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) break;
      const isEnd = depth === path.length - 1 && atKey !== true;
      offset = startOf(isEnd && isScalar(pair.value) && pair.value.source !== "" ? pair.value : pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = startOf(node) ?? offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
}

/** A copy without the values at the paths, with placeholders for missing required keys. */
function withoutPaths(value: unknown, paths: readonly (readonly (string | number)[])[]): unknown {
  const copy = removed(value, paths);
  if (!isRecord(copy)) return STAND_IN;
  const money = isRecord(copy["money"]) ? { ...STAND_IN.money, ...copy["money"] } : STAND_IN.money;
  return { ...STAND_IN, ...copy, money };
}

function removed(value: unknown, paths: readonly (readonly (string | number)[])[]): unknown {
  // A list with a mistake is removed as a whole, by its parent: removing one entry would shift the others.
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    const below = paths.filter((path) => path[0] === key).map((path) => path.slice(1));
    const goes = below.some((path) => path.length === 0 || typeof path[0] === "number");
    return goes ? [] : [[key, removed(item, below)]];
  });
  return Object.fromEntries(entries);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
