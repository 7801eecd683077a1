import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { findProgram } from "../../tools/programs/locate-program.ts";

const NAME = "commonweight-test-program";
const VARIABLE = "COMMONWEIGHT_TEST_PROGRAM";

describe("findProgram", () => {
  let folder: string;
  let path: string | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "commonweight-program-"));
    path = process.env["PATH"];
    process.env["PATH"] = join(folder, "path");
    for (const place of ["path", "installed"]) mkdirSync(join(folder, place));
  });
  afterEach(() => {
    process.env["PATH"] = path;
    Reflect.deleteProperty(process.env, VARIABLE);
    rmSync(folder, { recursive: true });
  });

  const find = () => findProgram({ name: NAME, variable: VARIABLE, installFolder: join(folder, "installed") });

  function program(place: string, mode = 0o755): string {
    const file = join(folder, place, NAME);
    writeFileSync(file, "#!/bin/sh\n");
    chmodSync(file, mode);
    return file;
  }

  it("finds nothing where there is no program, or one that may not be run", () => {
    expect(find()).to.equal(undefined);
    program("path", 0o644);
    expect(find()).to.equal(undefined);
  });

  it("prefers what its variable names, then what was installed, then the PATH", () => {
    const onPath = program("path");
    expect(find()).to.deep.equal({ kind: "found", path: onPath });
    const installed = program("installed");
    expect(find()).to.deep.equal({ kind: "found", path: installed });
    process.env[VARIABLE] = onPath;
    expect(find()).to.deep.equal({ kind: "found", path: onPath });
  });

  it("does not look further if its variable names no program", () => {
    program("installed");
    process.env[VARIABLE] = join(folder, "none");
    const found = find();
    expect(found?.kind).to.equal("missing");
    expect(found).to.have.property("reason").that.includes(VARIABLE);
  });
});
