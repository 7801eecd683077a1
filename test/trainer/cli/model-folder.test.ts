import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import type { ReleaseFiles } from "../../../trainer/roles/releases/fetch-release.ts";
import { writeDurably } from "../../../trainer/journal/durable-file.ts";
import { modelShelf, writeModelFolder } from "../../../trainer/cli/wiring/model-folder.ts";
import { refusalOf } from "../../helpers/refusals.ts";
import { temporaryFolders } from "../../helpers/temporary-folders.ts";

const text = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

function release(model: string, readme = "read me"): ReleaseFiles {
  const files = { "model.json": text({ userDefinedMetadata: { model } }), "weights.bin": text(`weights of ${model}`) };
  return { model, files: { ...files, "README.md": text(readme), [`content/${model}`]: text("raw") } };
}

describe("a folder with a released model", () => {
  const newFolder = temporaryFolders();
  const keep = { overwrite: false };
  const changesOf = async (folder: string, files: ReleaseFiles, options = keep) =>
    new Set((await writeModelFolder(folder, files, options)).map(({ change }) => change));

  it("is not written over another model, nor over other files of the same names", async () => {
    const folder = join(newFolder(), "model");
    await writeModelFolder(folder, release("one"), keep);
    expect(await refusalOf(() => writeModelFolder(folder, release("two"), keep))).to.equal("MODEL_FOLDER_OTHER");
    expect(await readFile(join(folder, "weights.bin"), "utf8")).to.equal("weights of one");
    const home = newFolder();
    await writeFile(join(home, "README.md"), "my own");
    expect(await refusalOf(() => writeModelFolder(home, release("one"), keep))).to.equal("MODEL_FOLDER_OTHER");
    expect(await readdir(home)).to.deep.equal(["README.md"]);
  });

  it("says that the disk is full and that it is no folder, and leaves nothing half-written", async () => {
    const folder = join(newFolder(), "model");
    const full = { ...keep, write: failing("ENOSPC", "README.md") };
    expect(await refusalOf(() => writeModelFolder(folder, release("one"), full))).to.equal("MODEL_DISK_FULL");
    expect(await readdir(folder)).to.deep.equal(["weights.bin"]);
    const file = join(newFolder(), "file");
    await writeFile(file, "");
    expect(await refusalOf(() => writeModelFolder(file, release("one"), keep))).to.equal("MODEL_FOLDER_UNWRITABLE");
  });

  it("is completed by the next run after one that broke off, and then stays", async () => {
    const folder = join(newFolder(), "model");
    const full = { ...keep, write: failing("ENOSPC", "README.md") };
    expect(await refusalOf(() => writeModelFolder(folder, release("one"), full))).to.equal("MODEL_DISK_FULL");
    await writeModelFolder(folder, release("one"), keep);
    expect(await changesOf(folder, release("one"))).to.deep.equal(new Set(["unchanged"]));
  });

  it("takes a confirmation that came since, and other files stay", async () => {
    const folder = newFolder();
    await writeFile(join(folder, "notes.txt"), "mine");
    await writeModelFolder(folder, release("one"), keep);
    expect(await changesOf(folder, release("one", "confirmed"))).to.deep.equal(new Set(["unchanged", "replaced"]));
    expect(await readFile(join(folder, "README.md"), "utf8")).to.equal("confirmed");
    expect(await readFile(join(folder, "notes.txt"), "utf8")).to.equal("mine");
  });

  it("never mixes two models where overwriting breaks off", async () => {
    const folder = newFolder();
    await writeModelFolder(folder, release("one"), keep);
    const broken = { overwrite: true, write: failing("ENOSPC", "model.json") };
    expect(await refusalOf(() => writeModelFolder(folder, release("two"), broken))).to.equal("MODEL_DISK_FULL");
    expect(await readdir(folder)).not.to.contain("model.json");
    await writeModelFolder(folder, release("two"), { overwrite: true });
    expect(await readFile(join(folder, "weights.bin"), "utf8")).to.equal("weights of two");
  });

  it("is one folder a round on a shelf", async () => {
    const shelf = modelShelf(join(newFolder(), "models"));
    await mkdir(shelf.folderOf(2), { recursive: true });
    await shelf.write(2, release("two"));
    expect(await readdir(shelf.folderOf(2))).to.contain("model.json");
  });

  /** Writes durably, but fails for one file. */
  function failing(code: string, name: string) {
    return (path: string, bytes: Uint8Array): Promise<void> =>
      path.endsWith(name) ? Promise.reject(Object.assign(new Error(code), { code })) : writeDurably(path, bytes);
  }
});
