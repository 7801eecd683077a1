import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { expect } from "chai";

import { journalPath } from "../../../trainer/journal/journal-path.ts";
import { openJournal } from "../../../trainer/journal/sqlite.ts";

describe("SQLite journal", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "commonweight-journal-"));
    path = join(folder, "deep", "journal.sqlite");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("refuses a second journal on the same file at once, and says what to do", () => {
    const first = openJournal(path);
    const startMs = Date.now();
    const refusal = expect(() => openJournal(path)).to.throw();
    refusal.with.property("code", "JOURNAL_LOCKED");
    refusal.with.property("hint").that.matches(/another key/u);
    expect(Date.now() - startMs).to.be.below(500);
    first.record("a", 1);
    first.close();
    openJournal(path).close();
  });

  it("refuses a file that is not a journal", () => {
    openJournal(path).close();
    writeFileSync(path, "this is no database, whatever else it may be ".repeat(200));
    expect(() => openJournal(path))
      .to.throw()
      .with.property("code", "JOURNAL_CORRUPT");
  });

  it("refuses a journal with a damaged page", () => {
    const journal = openJournal(path);
    for (let i = 0; i < 200; i++) journal.record(`key/${i}`, "value".repeat(50));
    journal.close();
    const bytes = readFileSync(path);
    bytes.fill(0xee, 2 * 4_096, 4 * 4_096);
    writeFileSync(path, bytes);
    expect(() => openJournal(path))
      .to.throw()
      .with.property("code", "JOURNAL_CORRUPT");
  });

  it("refuses a stored value that is not valid JSON", () => {
    openJournal(path).close();
    const database = new DatabaseSync(path);
    database.exec("INSERT INTO entry VALUES ('a', '{')");
    database.close();
    const journal = openJournal(path);
    expect(() => journal.read("a"))
      .to.throw()
      .with.property("code", "JOURNAL_CORRUPT");
    journal.close();
  });

  it("reports a full disk, and keeps what was recorded before", () => {
    const journal = openJournal(path, { maxBytes: 65_536 });
    let recorded = 0;
    const fill = (): void => {
      for (; recorded < 100; recorded++) journal.record(`key/${recorded}`, "x".repeat(4_000));
    };
    expect(fill).to.throw().with.property("code", "JOURNAL_DISK_FULL");
    expect(recorded).to.be.above(3);
    expect(journal.keys("key/")).to.have.length(recorded);
    journal.close();
    const reopened = openJournal(path);
    expect(reopened.keys("key/")).to.have.length(recorded);
    reopened.record(`key/${recorded}`, "x".repeat(4_000));
    reopened.close();
  });

  it("makes all its files private to the owner, even if they were readable before", () => {
    openJournal(path).close();
    chmodSync(path, 0o644);
    const journal = openJournal(path);
    journal.record("a", 1);
    const files = readdirSync(join(folder, "deep"));
    expect(files).to.include("journal.sqlite-wal");
    for (const file of files) expect(statSync(join(folder, "deep", file)).mode & 0o777, file).to.equal(0o600);
    journal.close();
  });

  it("gives each chain, contract, deployment and account its own file, however the addresses are written", () => {
    const [contract, account] = [`0x${"Ab".repeat(20)}`, `0x${"12".repeat(20)}`];
    const subject = { chainId: 31_337n, contract, deploymentBlock: `0x${"c4".repeat(32)}`, account };
    const pathOf = (changes: Partial<typeof subject>) => journalPath("/f", { ...subject, ...changes });
    const file = pathOf({});
    expect(file).to.equal(`/f/journal-31337-0x${"ab".repeat(20)}-${"c4".repeat(8)}-0x${"12".repeat(20)}.sqlite`);
    expect(pathOf({ contract: contract.toLowerCase() })).to.equal(file);
    expect(pathOf({ chainId: 1n })).to.not.equal(file);
    expect(pathOf({ deploymentBlock: `0x${"d5".repeat(32)}` })).to.not.equal(file);
    expect(() => pathOf({ contract: "../x" })).to.throw(TypeError);
    expect(() => pathOf({ deploymentBlock: "../x" })).to.throw(TypeError);
  });
});
