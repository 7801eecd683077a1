import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";

import type { Journal } from "../../trainer/journal/port.ts";
import { MemoryJournal } from "./memory-journal.ts";

/** A journal in one JSON file, synced to disk before `record` returns, for tests that kill a process. */
export function fileJournal(path: string): Journal {
  const memory = new MemoryJournal();
  for (const [key, value] of existsSync(path) ? entriesOf(path) : []) memory.record(key, value);
  return {
    read: (key) => memory.read(key),
    keys: (prefix) => memory.keys(prefix),
    close: () => memory.close(),
    record: (key, value) => {
      memory.record(key, value);
      write(path, JSON.stringify(memory.keys("").map((one) => [one, memory.read(one)])));
    },
  };
}

function entriesOf(path: string): [string, unknown][] {
  return JSON.parse(readFileSync(path, "utf8")) as [string, unknown][];
}

function write(path: string, text: string): void {
  const file = openSync(`${path}.new`, "w");
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
}
