import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, type WriteStream } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { faultyResult, totalLine, type SuiteResult } from "./suite-result.ts";

/** File for a job's output. */
export interface OutputFile {
  readonly path: string;
  /** Open, so that a child process can write to the file directly. */
  readonly stream: WriteStream;
}

/** A suite of `npm test`, or a step of `.ci/run`. */
export interface Job {
  readonly name: string;
  /** Cores that it uses; a job that uses all cores runs alone. */
  readonly processors: number;
  run(output: OutputFile): Promise<SuiteResult>;
}

/** A job that has ended. */
export interface JobReport extends SuiteResult {
  readonly seconds: number;
  /** Everything that it printed. */
  readonly output: string;
}

export interface Schedule {
  readonly jobs: readonly Job[];
  /** Available cores. Jobs start in order, each as soon as enough cores are free. */
  readonly processors: number;
  /** Prints progress, and each job's complete output when the job ends. */
  readonly print: (text: string) => void;
}

const STILL_RUNNING_MS = 60_000;
const FOLLOW_MS = 500;

/** Runs all jobs; a job that throws counts as one failure. Reports are in the order of the jobs. */
export async function runJobs({ jobs, processors, print }: Schedule): Promise<readonly JobReport[]> {
  const folder = mkdtempSync(join(tmpdir(), "commonweight-output-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", removeFolder);
  const running = new Map<Job, Promise<void>>();
  const reports = new Map<Job, JobReport>();
  const free = () => processors - [...running.keys()].reduce((sum, job) => sum + wanted(job, processors), 0);
  const progress = () => {
    const names = [...running.keys()].map(({ name }) => name).join(", ");
    print(`-- ${reports.size} of ${jobs.length} done${names === "" ? "" : `; running: ${names}`}`);
  };
  const start = async (job: Job) => {
    const report = await runJob({ job, folder, follow: jobs.length === 1, print });
    running.delete(job);
    reports.set(job, report);
    if (jobs.length > 1) print(`\n[${reports.size}/${jobs.length}] ${job.name}\n${report.output.trimEnd()}`);
    if (report.fault !== undefined) print(`  FAILED: ${job.name}: ${report.fault}`);
    print(`  ${totalLine([report])} in ${report.seconds.toFixed(1)} s`);
  };
  const timer = setInterval(progress, STILL_RUNNING_MS);
  try {
    const waiting = [...jobs];
    while (waiting.length > 0 || running.size > 0) {
      while (waiting.length > 0 && wanted(waiting[0]!, processors) <= free()) {
        const job = waiting.shift()!;
        running.set(job, start(job));
      }
      progress();
      await Promise.race(running.values());
    }
  } finally {
    clearInterval(timer);
    process.off("exit", removeFolder);
    removeFolder();
  }
  return jobs.map((job) => reports.get(job)!);
}

function wanted(job: Job, processors: number): number {
  return Math.min(job.processors, processors);
}

interface Run {
  readonly job: Job;
  /** Folder for its output file. */
  readonly folder: string;
  /** Whether to print its output live. */
  readonly follow: boolean;
  readonly print: (text: string) => void;
}

async function runJob({ job, folder, follow, print }: Run): Promise<JobReport> {
  const path = join(folder, job.name);
  const stream = createWriteStream(path);
  await once(stream, "open");
  const begin = performance.now();
  let shown = 0;
  const printNew = () => {
    const text = readFileSync(path, "utf8");
    const end = text.lastIndexOf("\n");
    if (end > shown) print(text.slice(shown, end));
    shown = Math.max(shown, end + 1);
  };
  const timer = follow ? setInterval(printNew, FOLLOW_MS) : undefined;
  try {
    const result = await attempt(job, { path, stream });
    await endStream(stream);
    if (follow) printNew();
    return { ...result, seconds: (performance.now() - begin) / 1000, output: readFileSync(path, "utf8") };
  } finally {
    clearInterval(timer);
  }
}

async function endStream(stream: WriteStream): Promise<void> {
  stream.end();
  await once(stream, "close");
}

async function attempt({ name, run }: Job, output: OutputFile): Promise<SuiteResult> {
  try {
    return await run(output);
  } catch (error) {
    return faultyResult(name, `it could not be run: ${String(error)}`);
  }
}
