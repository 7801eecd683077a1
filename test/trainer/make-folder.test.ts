import { statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { makeFolder } from "../../trainer/make-folder.ts";
import { temporaryFolders } from "../helpers/temporary-folders.ts";

describe("makeFolder", () => {
  const newFolder = temporaryFolders();
  const codeOf = (path: string) => {
    try {
      makeFolder(path);
    } catch (error) {
      return error instanceof Error && "code" in error ? error.code : error;
    }
    return "no error";
  };

  it("refuses a path through a file, to a file and to a link that leads nowhere", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "file"), "");
    symlinkSync(join(folder, "nowhere"), join(folder, "link"));
    for (const path of ["file", "file/a/b", "link"]) expect(codeOf(join(folder, path)), path).to.equal("ENOTDIR");
  });
  it("makes every missing level with its mode, and leaves an existing one as it is", () => {
    const folder = join(newFolder(), "a", "file:b #%", "c");
    makeFolder(folder, 0o700);
    for (const path of [folder, join(folder, "..")]) expect(statSync(path).mode & 0o777).to.equal(0o700);
    makeFolder(join(folder, "..", "c"), 0o755);
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
    expect(codeOf("/")).to.equal("no error");
  });
});
