import { encodeValue, requireKey } from "../../trainer/journal/entry.ts";
import type { Journal } from "../../trainer/journal/port.ts";

/** An in-memory journal. Like the durable one, it stores values as JSON, not by reference. */
export class MemoryJournal implements Journal {
  readonly #entries = new Map<string, string>();
  #closed = false;

  read(key: string): unknown {
    this.#requireOpen();
    const json = this.#entries.get(requireKey(key));
    return json === undefined ? undefined : JSON.parse(json);
  }

  record(key: string, value: unknown): void {
    this.#requireOpen();
    this.#entries.set(requireKey(key), encodeValue(key, value));
  }

  keys(prefix: string): readonly string[] {
    this.#requireOpen();
    return [...this.#entries.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  close(): void {
    this.#closed = true;
  }

  #requireOpen(): void {
    if (this.#closed) throw new Error("the journal is closed");
  }
}
