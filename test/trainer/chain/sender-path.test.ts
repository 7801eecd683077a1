import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { CommonweightError } from "@commonweight/sdk/errors";
import { senderPath } from "../../../trainer/chain/sender-path.ts";

const CHAIN = 31_337n;

describe("the socket of an account's worker", () => {
  let folder: string;
  let temporary: string | undefined;
  beforeEach(() => {
    temporary = process.env["TMPDIR"];
    folder = mkdtempSync(join(tmpdir(), "cw-"));
    process.env["TMPDIR"] = folder;
  });
  afterEach(() => {
    if (temporary === undefined) Reflect.deleteProperty(process.env, "TMPDIR");
    else process.env["TMPDIR"] = temporary;
    rmSync(folder, { recursive: true, force: true });
  });

  const ownFolder = () => join(folder, `commonweight-${process.getuid?.() ?? 0}`);
  const longFolder = (name: string) => {
    const path = join(folder, name.repeat(60), "account");
    mkdirSync(path, { recursive: true });
    return path;
  };
  const refusal = (): string => {
    try {
      senderPath(longFolder("a"), CHAIN);
    } catch (error) {
      if (error instanceof CommonweightError) return error.code;
      throw error;
    }
    return "none";
  };

  it("is in the account's folder", () => {
    expect(senderPath(folder, CHAIN)).to.equal(join(folder, "worker-31337.sock"));
  });

  it("is short where that folder's path is long, the same for all processes, another for each folder and chain", () => {
    const path = senderPath(longFolder("a"), CHAIN);
    expect(Buffer.byteLength(path)).to.be.at.most(100);
    expect(statSync(ownFolder()).mode & 0o777).to.equal(0o700);
    expect(senderPath(longFolder("a"), CHAIN)).to.equal(path);
    expect(new Set([path, senderPath(longFolder("b"), CHAIN), senderPath(longFolder("a"), 1n)]).size).to.equal(3);
  });

  it("is refused in a folder that others may open, or that is a link", () => {
    mkdirSync(ownFolder());
    chmodSync(ownFolder(), 0o755);
    expect(refusal()).to.equal("SENDER_FOLDER_UNSAFE");
    rmSync(ownFolder(), { recursive: true });
    mkdirSync(join(folder, "planted"), { mode: 0o700 });
    symlinkSync(join(folder, "planted"), ownFolder());
    expect(refusal()).to.equal("SENDER_FOLDER_UNSAFE");
  });
});
