import type { WorkerLine } from "./stage.ts";

/** Kind of work that a worker's log message reports. */
const WORK: Readonly<Record<string, "training" | "scoring" | "attesting">> = {
  trained: "training",
  scored: "scoring",
  "computed the next model": "attesting",
};

/** Measures the share of the rounds' time outside training and scoring on the critical path. */
export class Stopwatch {
  /** Seconds by round and kind of work: the maximum over the workers, because they run in parallel. */
  readonly #longest = new Map<string, number>();
  #start: number | undefined;
  #end: number | undefined;

  /** Call when the first round opens. */
  start(): void {
    this.#start ??= performance.now();
  }

  /** Call when the job is over. */
  end(): void {
    this.#end ??= performance.now();
  }

  read({ message, context }: WorkerLine): void {
    const work = WORK[message];
    const { round, seconds } = context;
    if (work === undefined || typeof round !== "number" || typeof seconds !== "number") return;
    const key = `${round}/${work}`;
    this.#longest.set(key, Math.max(this.#longest.get(key) ?? 0, seconds));
  }

  /** (wall time of the rounds - work on the critical path) / wall time of the rounds. */
  overheadShare(): number {
    if (this.#start === undefined || this.#end === undefined) throw new Error("the rounds have not ended");
    const wall = (this.#end - this.#start) / 1000;
    const work = [...this.#longest.values()].reduce((sum, seconds) => sum + seconds, 0);
    return (wall - work) / wall;
  }
}
