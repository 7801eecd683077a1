import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openJournal } from "../../../trainer/journal/sqlite.ts";
import { MemoryJournal } from "../../helpers/memory-journal.ts";
import { journalContract } from "./journal-contract.ts";

journalContract("memory", () => new MemoryJournal());

describe("journal in SQLite", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "commonweight-journal-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  journalContract("SQLite", () => openJournal(join(folder, "journal.sqlite")));
});
