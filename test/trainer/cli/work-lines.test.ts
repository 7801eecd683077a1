import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { smallJob } from "../../helpers/command-line.ts";
import { ROOT } from "../../../tools/programs/run-tool.ts";

const PROGRAM = join(ROOT, "trainer/bin/commonweight.mjs");
/** Training that takes longer than two intervals on a fast machine. */
const EPOCHS = 100;

describe("commonweight: work that takes longer than five seconds", function () {
  this.timeout(120_000);
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "commonweight-work-"));
    file = join(folder, "job.yaml");
    await writeFile(file, smallJob().replace("linear", "2nn").replace("epochs: 4", `epochs: ${EPOCHS}`));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const dryRun = (...flags: readonly string[]) =>
    promisify(execFile)(process.execPath, [
      PROGRAM,
      "job",
      "dry-run",
      file,
      "--engine",
      "wasm",
      "--parts",
      "2",
      ...flags,
    ]);

  it("prints on standard error that it goes on, and nothing of it with --json", async () => {
    const [plain, json] = await Promise.all([dryRun(), dryRun("--json")]);
    expect(plain.stderr).to.match(/^dry run: working for \d+ s(, \d+ % done)?$/m);
    expect(plain.stdout).not.to.contain("working for");
    expect(json.stderr).not.to.contain("working for");
    expect(JSON.parse(json.stdout)).to.have.property("after");
  });
});
