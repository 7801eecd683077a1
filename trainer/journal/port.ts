/**
 * A worker's durable memory: what it has decided and must not forget or decide differently after a restart.
 *
 * Errors: `JOURNAL_LOCKED` another process holds it · `JOURNAL_CORRUPT` · `JOURNAL_DISK_FULL`.
 */
export interface Journal {
  /** The value last recorded under the key, parsed from JSON; `undefined` if there is none. */
  read(key: string): unknown;
  /** Records a JSON value; on disk when it returns. */
  record(key: string, value: unknown): void;
  /** Keys that begin with the prefix, in order. */
  keys(prefix: string): readonly string[];
  close(): void;
}
