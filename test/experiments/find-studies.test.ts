import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { loadStudy, studyNames } from "../../experiments/find-studies.ts";
import { refusalOf } from "../helpers/refusals.ts";

const STUDIES = fileURLToPath(new URL("../../experiments/studies", import.meta.url));

describe("studies", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "studies-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function add(name: string, code: string): Promise<void> {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "command.ts"), code);
  }

  it("are the folders with a command, by their names", async () => {
    expect(studyNames(STUDIES)).to.include.members(["incentives", "near-clones"]);
    await add("one-more", "export const summary = 'measures nothing'; export async function run() {}");
    await add("Not a name", "");
    await mkdir(join(folder, "without-command"));
    expect(studyNames(folder)).to.deep.equal(["one-more"]);
    expect((await loadStudy(folder, "one-more")).summary).to.equal("measures nothing");
  });

  it("say what they measure", async () => {
    await add("silent", "export async function run() {}");
    expect(await refusalOf(() => loadStudy(folder, "silent"))).to.equal("STUDY_INVALID");
  });
});
