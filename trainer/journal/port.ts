/**
 * A worker's durable storage for decisions that must survive a restart unchanged.
 *
 * Errors: `JOURNAL_LOCKED` another process has it open · `JOURNAL_CORRUPT` · `JOURNAL_DISK_FULL`.
 */
export interface Journal {
  /** Last value recorded under the key, parsed from JSON; `undefined` if there is none. */
  read(key: string): unknown;
  /** Records a JSON value; it is on disk when the call returns. */
  record(key: string, value: unknown): void;
  /** Keys that begin with the prefix, in order. */
  keys(prefix: string): readonly string[];
  close(): void;
}
