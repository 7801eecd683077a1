import { CommonweightError } from "../errors.ts";
import type { JobFile } from "./job-file-schema.ts";

/** One mistake in a job file: its place, the problem and a fix. */
export interface JobFileProblem {
  /** Keys and indices that lead to the value: `["money", "milestones", 0]`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly fix: string;
  /** True if the key is wrong, not its value. */
  readonly atKey?: boolean;
  /** From 1; absent without the file's text. */
  readonly line?: number;
  readonly column?: number;
}

/** A place in a job file; both from 1. */
export interface JobFilePlace {
  readonly line: number;
  readonly column: number;
}

/** A checked job file and where its keys stand. */
export interface PlacedJob {
  readonly job: JobFile;
  /** Place of a key's value; of the nearest key above it that is written. */
  readonly placeOf: (path: readonly (string | number)[]) => JobFilePlace;
}

/** All mistakes of a job file together. Code `JOB_FILE_INVALID`. */
export class JobFileError extends CommonweightError {
  /** In the order of their lines. */
  readonly problems: readonly JobFileProblem[];
  /** The job without the mistaken values, for checks of the rest; absent if too little is left. */
  readonly rest: PlacedJob | undefined;

  constructor(file: string, problems: readonly JobFileProblem[], rest?: PlacedJob) {
    const ordered = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
    const lines = ordered.map((problem) => formatProblem(file, problem));
    super("JOB_FILE_INVALID", lines.join("\n"), "Fix each of these problems, then run the command again.");
    this.problems = ordered;
    this.rest = rest;
  }
}

/** Writes a mistake as one line: `job.yaml:3:9: training.epochs: must be at most 100. Write 100 or less.` */
export function formatProblem(file: string, { path, message, fix, line, column }: JobFileProblem): string {
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  const what = path.length === 0 ? message : `${path.join(".")}: ${message}`;
  return `${place}: ${what}. ${fix}`;
}
