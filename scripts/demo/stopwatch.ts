import type { WorkerLine } from "./stage.ts";

/** What a worker's line says that it spent time on. */
const WORK: Readonly<Record<string, "training" | "scoring" | "attesting">> = {
  trained: "training",
  scored: "scoring",
  "computed the next model": "attesting",
};

/** Measures how much of the rounds' time is not training and scoring on the critical path. */
export class Stopwatch {
  /** Seconds by round and kind of work: the longest among the workers, for they work side by side. */
  readonly #longest = new Map<string, number>();
  #start: number | undefined;
  #end: number | undefined;

  /** The first round opens. */
  start(): void {
    this.#start ??= performance.now();
  }

  /** The job is over. */
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

  /** (wall time of the rounds - critical path's training and scoring) / wall time of the rounds. */
  overheadShare(): number {
    if (this.#start === undefined || this.#end === undefined) throw new Error("the rounds have not ended");
    const wall = (this.#end - this.#start) / 1000;
    const work = [...this.#longest.values()].reduce((sum, seconds) => sum + seconds, 0);
    return (wall - work) / wall;
  }
}
