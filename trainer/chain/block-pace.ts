/** Shortest pause between two looks at the chain. */
const SHORTEST_MS = 100;
const LONGEST_MS = 15_000;
/** Pauses while the block is overdue: a part of the time between blocks. */
const LATE_PART = 8;
/** Pauses of a caller that waits for others' transactions: they may come between two blocks of a local chain. */
const EAGER_PART = 4;
const LONGEST_EAGER_MS = 3_000;
/** Pauses where no block comes: a part of the time since the last one. */
const IDLE_PART = 8;
const LONGEST_IDLE_MS = 2_000;

/**
 * Estimates when the next block comes, from the blocks seen so far, so that a waiting worker asks for it once or twice.
 *
 * The estimate follows a faster chain at once and a slower one by half: blocks that transactions bring forth are
 * watched closely, and a quiet chain hardly at all.
 */
export class BlockPace {
  readonly #now: () => number;
  readonly #shortestMs: number;
  #number: number | undefined;
  #seenAt = 0;
  #betweenMs: number;

  /** @param now wall time in milliseconds */
  constructor(shortestMs = SHORTEST_MS, now: () => number = () => performance.now()) {
    this.#shortestMs = shortestMs;
    this.#betweenMs = shortestMs;
    this.#now = now;
  }

  /** Time between two blocks, in milliseconds, as far as it is known. */
  get betweenMs(): number {
    return this.#betweenMs;
  }

  /** Time since a new block was last seen. */
  get silentMs(): number {
    return this.#number === undefined ? 0 : this.#now() - this.#seenAt;
  }

  /** Notes the newest block's height. */
  see(number: number): void {
    const now = this.#now();
    if (number === this.#number) return;
    const blocks = this.#number === undefined ? 0 : number - this.#number;
    if (blocks > 0) {
      const between = (now - this.#seenAt) / blocks;
      const next = between < this.#betweenMs ? between : (this.#betweenMs + between) / 2;
      this.#betweenMs = Math.min(Math.max(next, this.#shortestMs), LONGEST_MS);
    }
    this.#number = number;
    this.#seenAt = now;
  }

  /** How long to wait before the next look. @param eager whether others' transactions matter now */
  pauseMs(eager: boolean): number {
    const silent = this.silentMs;
    const due = this.#betweenMs - silent;
    const late = Math.max(this.#betweenMs / LATE_PART, Math.min(silent / IDLE_PART, LONGEST_IDLE_MS));
    const pause = due > 0 ? Math.max(due, late) : late;
    const most = eager ? Math.min(this.#betweenMs / EAGER_PART, LONGEST_EAGER_MS) : LONGEST_MS;
    return Math.max(Math.min(pause, most), this.#shortestMs);
  }
}
