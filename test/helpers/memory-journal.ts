import { encodeValue, requireKey } from "../../trainer/journal/entry.ts";
import type { Journal } from "../../trainer/journal/port.ts";

/** A journal that lives as long as the test. Like the durable one, it keeps JSON and not the objects given to it. */
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
