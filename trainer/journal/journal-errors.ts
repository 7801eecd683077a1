import { CommonweightError } from "@commonweight/sdk/errors";

/**
 * Another process, or another open journal of this process, has locked the file.
 *
 * @param holder id of the process that has it, if known
 */
export function journalLocked(path: string, holder: number | undefined, cause?: unknown): CommonweightError {
  const who = holder === undefined ? "another process" : `process ${holder}`;
  return new CommonweightError(
    "JOURNAL_LOCKED",
    `${who} has locked ${path}`,
    "It uses the same key and data folder: wait until it ends, stop it, or use another key or another --data-dir.",
    { cause },
  );
}

/** The file is not a journal, or is damaged. */
export function journalCorrupt(path: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "JOURNAL_CORRUPT",
    `the journal ${path} is damaged`,
    "Move the file away (keep it) and start the worker again: its progress is on chain, its salts derive from its key.",
    { cause },
  );
}

/** No disk space for a record; the record was not written. */
export function journalDiskFull(path: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "JOURNAL_DISK_FULL",
    `no space left for the journal ${path}`,
    "Free space on its disk and start the worker again; what was recorded before is intact.",
    { cause },
  );
}

/** A value exceeds the journal's limit. */
export function journalValueTooLarge(key: string, bytes: number, maxBytes: number): CommonweightError {
  return new CommonweightError(
    "JOURNAL_VALUE_TOO_LARGE",
    `the value of ${key} has ${bytes} bytes, more than the journal's limit of ${maxBytes}`,
    "This is a defect of the program: large data belongs in the content store, only its id in the journal.",
  );
}
