/**
 * A worker's durable memory: decisions that it must not forget or change after a restart.
 *
 * Errors: `JOURNAL_LOCKED` another process has it open · `JOURNAL_CORRUPT` · `JOURNAL_DISK_FULL`.
 */
export interface Journal {
  /** Last value recorded under the key, parsed from JSON; `undefined` if there is none. */
  read(key: string): unknown;
  /** Records a JSON value, on disk when the call returns. */
  record(key: string, value: unknown): void;
  /** Keys that begin with the prefix, in order. */
  keys(prefix: string): readonly string[];
  close(): void;
}
