import { CommonweightError } from "../errors.ts";

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

/** All mistakes of a job file together. Code `JOB_FILE_INVALID`. */
export class JobFileError extends CommonweightError {
  readonly problems: readonly JobFileProblem[];

  constructor(file: string, problems: readonly JobFileProblem[]) {
    const lines = problems.map((problem) => formatProblem(file, problem));
    super("JOB_FILE_INVALID", lines.join("\n"), "Fix each of these problems, then run the command again.");
    this.problems = problems;
  }
}

/** Writes a mistake as one line: `job.yaml:3:9: training.epochs: must be at most 100. Write 100 or less.` */
export function formatProblem(file: string, { path, message, fix, line, column }: JobFileProblem): string {
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  const what = path.length === 0 ? message : `${path.join(".")}: ${message}`;
  return `${place}: ${what}. ${fix}`;
}
