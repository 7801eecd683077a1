import { chmodSync, closeSync, fsyncSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { CommonweightError } from "@commonweight/sdk/errors";
import { makeFolder, PRIVATE_FOLDER } from "../make-folder.ts";
import { encodeValue, requireKey } from "./entry.ts";
import { forgetHolder, holderOf, noteHolder } from "./holder.ts";
import { journalCorrupt, journalDiskFull, journalLocked } from "./journal-errors.ts";
import type { Journal } from "./port.ts";

const PAGE_BYTES = 4_096;
const DEFAULT_MAX_BYTES = 1_073_741_824;

// SQLite's primary result codes (https://www.sqlite.org/rescode.html).
const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

const SCHEMA = `CREATE TABLE IF NOT EXISTS entry (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID`;
const READ = "SELECT value FROM entry WHERE key = ?";
const RECORD = "INSERT INTO entry (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
const KEYS = "SELECT key FROM entry WHERE key >= ?1 AND substr(key, 1, length(?1)) = ?1 ORDER BY key";

export interface SqliteOptions {
  /** Maximum size of the journal; beyond it `JOURNAL_DISK_FULL`. */
  readonly maxBytes?: number;
}

/**
 * Opens the journal in a file of mode 0600, creating it if necessary; the file is locked until `close` or the end of
 * the process.
 *
 * Every record is synced to disk (write-ahead log), so it survives a kill and a power failure.
 *
 * @throws JOURNAL_LOCKED without waiting; JOURNAL_CORRUPT; JOURNAL_DISK_FULL.
 */
export function openJournal(path: string, options: SqliteOptions = {}): Journal {
  makePrivateFile(path);
  // SQLite would read a relative path that begins with `file:` as a URI.
  const database = translated(path, () => new DatabaseSync(resolve(path), { timeout: 0 }));
  try {
    translated(path, () => prepare(database, path, options.maxBytes ?? DEFAULT_MAX_BYTES));
    noteHolder(path);
    return new SqliteJournal(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
}

class SqliteJournal implements Journal {
  readonly #database: DatabaseSync;
  readonly #path: string;

  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
  }

  read(key: string): unknown {
    requireKey(key);
    const row = translated(this.#path, () => this.#database.prepare(READ).get(key));
    return row === undefined ? undefined : this.#parse(row["value"]);
  }

  record(key: string, value: unknown): void {
    const json = encodeValue(requireKey(key), value);
    translated(this.#path, () => this.#database.prepare(RECORD).run(key, json));
  }

  keys(prefix: string): readonly string[] {
    const rows = translated(this.#path, () => this.#database.prepare(KEYS).all(prefix));
    return rows.map((row) => String(row["key"]));
  }

  close(): void {
    if (!this.#database.isOpen) return;
    // Before the lock is given up: afterwards the note could be the next holder's.
    forgetHolder(this.#path);
    this.#database.close();
  }

  #parse(json: unknown): unknown {
    try {
      return JSON.parse(String(json));
    } catch (cause) {
      throw journalCorrupt(this.#path, cause);
    }
  }
}

// The locking mode comes first, because the first statement that accesses the file takes the lock.
function prepare(database: DatabaseSync, path: string, maxBytes: number): void {
  database.exec("PRAGMA locking_mode = EXCLUSIVE");
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("BEGIN IMMEDIATE; COMMIT");
  const [verdict] = Object.values(database.prepare("PRAGMA integrity_check(1)").get() ?? {});
  if (verdict !== "ok") throw journalCorrupt(path, new Error(String(verdict)));
  database.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)}`);
  database.exec(SCHEMA);
}

// SQLite creates its side files with the mode of the main file. Without an fsync of the folder, a crash could lose the
// file.
function makePrivateFile(path: string): void {
  makeFolder(dirname(path), PRIVATE_FOLDER);
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}

function translated<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof CommonweightError ? error : translate(path, error);
  }
}

function translate(path: string, error: unknown): unknown {
  switch (resultCode(error)) {
    case BUSY:
    case LOCKED:
      return journalLocked(path, holderOf(path), error);
    case CORRUPT:
    case NOT_A_DATABASE:
      return journalCorrupt(path, error);
    case FULL:
      return journalDiskFull(path, error);
    default:
      return error;
  }
}

// The low byte of SQLite's extended result code.
function resultCode(error: unknown): number | undefined {
  const isSqlite = error instanceof Error && "errcode" in error && typeof error.errcode === "number";
  return isSqlite ? Number(error.errcode) & 0xff : undefined;
}
