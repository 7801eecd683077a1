import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { holderOf } from "../../../trainer/journal/holder.ts";
import { openJournal } from "../../../trainer/journal/sqlite.ts";

const CHILD = fileURLToPath(new URL("./journal-child.ts", import.meta.url));

describe("SQLite journal between processes", function () {
  this.timeout(20_000);
  const children: ChildProcess[] = [];
  let path: string;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "commonweight-journal-"));
    path = join(folder, "journal.sqlite");
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map(kill));
    rmSync(folder, { recursive: true, force: true });
  });

  function start(): { child: ChildProcess; lines: AsyncIterator<string> } {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", CHILD, path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    if (child.stdout === null) throw new Error("no output of the child");
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  }

  it("refuses a second process while the first one lives", async () => {
    const first = start();
    await first.lines.next();
    expect((await start().lines.next()).value).to.equal("JOURNAL_LOCKED");
    expect(() => openJournal(path))
      .to.throw()
      .with.property("code", "JOURNAL_LOCKED");
    expect(() => openJournal(path)).to.throw(`process ${first.child.pid} has locked`);
  });
  it("names no process that has ended", async () => {
    const { child, lines } = start();
    await lines.next();
    await kill(child);
    expect(holderOf(path)).to.equal(undefined);
    const next = openJournal(path);
    expect(holderOf(path)).to.equal(process.pid);
    next.close();
    expect(holderOf(path)).to.equal(undefined);
  });

  it("lets the next one in after a kill, and has everything that was recorded", async () => {
    const { child, lines } = start();
    let last = 0;
    while (last < 50) last = Number((await lines.next()).value);
    await kill(child);
    for (let line = await lines.next(); line.done !== true; line = await lines.next()) last = Number(line.value);

    const journal = openJournal(path);
    for (let i = 0; i <= last; i++) expect(journal.read(`key/${i}`), `key/${i}`).to.deep.equal({ i });
    journal.close();
  });
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
