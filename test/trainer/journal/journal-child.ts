// A process that opens the journal at argv[2] and records key/0, key/1, ... for ever; prints each key once recorded.
import { openJournal } from "../../../trainer/journal/sqlite.ts";

const [, , path = ""] = process.argv;

try {
  const journal = openJournal(path);
  for (let i = 0; ; i++) {
    journal.record(`key/${i}`, { i });
    process.stdout.write(`${i}\n`);
    await new Promise((resolve) => setImmediate(resolve));
  }
} catch (error) {
  process.stdout.write(`${error instanceof Error && "code" in error ? String(error.code) : String(error)}\n`);
}
