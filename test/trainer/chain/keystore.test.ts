import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { Wallet, encryptKeystoreJson } from "ethers";

import { CommonweightError } from "@commonweight/sdk/errors";
import { createKeystore, loadKey } from "../../../trainer/chain/keystore.ts";

const light = { scrypt: { N: 2, r: 8, p: 1 } };

describe("keystore", () => {
  let folder: string;
  let keystore: string;
  let password: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "commonweight-"));
    keystore = join(folder, "keystore.json");
    password = secret("password", "correct horse\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function secret(name: string, text: string, mode = 0o600): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  it("refuses a file that is missing", async () => {
    expect(await codeOf(loadKey({ kind: "raw", path: keystore }))).to.equal("KEY_FILE_MISSING");
    expect(await codeOf(createKeystore(keystore, join(folder, "none"), light))).to.equal("KEY_FILE_MISSING");
  });
  it("refuses a raw key or a password that others can read", async () => {
    const path = secret("key", Wallet.createRandom().privateKey, 0o644);
    expect(await codeOf(loadKey({ kind: "raw", path }))).to.equal("KEY_FILE_SHARED");
    chmodSync(password, 0o640);
    expect(await codeOf(createKeystore(keystore, password, light))).to.equal("KEY_FILE_SHARED");
  });
  it("refuses an invalid key, without quoting it", async () => {
    const { privateKey } = Wallet.createRandom();
    const path = secret("key", privateKey.slice(0, -1));
    const error = await failure(loadKey({ kind: "raw", path }));
    expect(error.code).to.equal("KEY_FILE_INVALID");
    expect(`${error.stack}${String(error.cause)}`).not.to.contain(privateKey.slice(2, 40));
    expect(await codeOf(loadKey({ kind: "raw", path: secret("zero", "0".repeat(64)) }))).to.equal("KEY_FILE_INVALID");
    expect(await codeOf(loadKey({ kind: "raw", path: secret("huge", "0".repeat(70_000)) }))).to.equal(
      "KEY_FILE_INVALID",
    );
    const json = secret("json", "{}");
    expect(await codeOf(loadKey({ kind: "keystore", path: json, passwordPath: password }))).to.equal(
      "KEY_FILE_INVALID",
    );
  });
  it("refuses a wrong password", async () => {
    await createKeystore(keystore, password, light);
    const passwordPath = secret("wrong", "battery staple");
    expect(await codeOf(loadKey({ kind: "keystore", path: keystore, passwordPath }))).to.equal("KEY_PASSWORD_WRONG");
  });
  it("creates no key with an empty password, and opens one that another program made so", async () => {
    for (const text of ["", "\n", "\ncorrect horse\n", "   \n", "\t\r\ncorrect horse", "\uFEFF", "\uFEFF \n"]) {
      const path = secret("empty", text);
      expect(await codeOf(createKeystore(keystore, path, light)), JSON.stringify(text)).to.equal("KEY_PASSWORD_EMPTY");
    }
    expect(existsSync(keystore)).to.equal(false);
    const foreign = new Wallet(Wallet.createRandom().privateKey);
    writeFileSync(keystore, await encryptKeystoreJson(foreign, "", light));
    const opened = await loadKey({ kind: "keystore", path: keystore, passwordPath: secret("none", "") });
    expect(opened.address).to.equal(foreign.address);
  });
  it("takes a byte order mark for no part of a password, and opens what was encrypted with one", async () => {
    const marked = secret("marked", "\uFEFFcorrect horse\r\n");
    const address = await createKeystore(keystore, marked, light);
    for (const passwordPath of [password, marked]) {
      expect((await loadKey({ kind: "keystore", path: keystore, passwordPath })).address).to.equal(address);
    }
    const foreign = new Wallet(Wallet.createRandom().privateKey);
    writeFileSync(keystore, await encryptKeystoreJson(foreign, "\uFEFFcorrect horse", light));
    const opened = await loadKey({ kind: "keystore", path: keystore, passwordPath: marked });
    expect(opened.address).to.equal(foreign.address);
    expect(await codeOf(loadKey({ kind: "keystore", path: keystore, passwordPath: password }))).to.equal(
      "KEY_PASSWORD_WRONG",
    );
  });
  it("refuses a password that is not UTF-8, and names the encoding", async () => {
    const path = secret("utf16", "");
    for (const bytes of [Buffer.from("\uFEFFcorrect horse", "utf16le"), Buffer.from("p\u00e4ss", "latin1")]) {
      writeFileSync(path, bytes);
      const error = await failure(createKeystore(keystore, path, light));
      expect(error).to.have.property("code", "KEY_PASSWORD_INVALID");
      expect(error.hint).to.contain("UTF-8");
    }
  });
  it("loads a keystore and a raw key that begin with a byte order mark", async () => {
    const address = await createKeystore(keystore, password, light);
    writeFileSync(keystore, `\uFEFF${readFileSync(keystore, "utf8")}`);
    expect((await loadKey({ kind: "keystore", path: keystore, passwordPath: password })).address).to.equal(address);
    const wallet = Wallet.createRandom();
    const path = secret("key", `\uFEFF${wallet.privateKey}\r\n`);
    expect((await loadKey({ kind: "raw", path })).address).to.equal(wallet.address);
  });
  it("never overwrites a key", async () => {
    await createKeystore(keystore, password, light);
    const before = readFileSync(keystore, "utf8");
    expect(await codeOf(createKeystore(keystore, password, light))).to.equal("KEY_FILE_EXISTS");
    expect(readFileSync(keystore, "utf8")).to.equal(before);
  });
  it("loads what it created, which only its owner can read", async () => {
    const address = await createKeystore(keystore, password, light);
    expect(statSync(keystore).mode & 0o777).to.equal(0o600);
    expect((await loadKey({ kind: "keystore", path: keystore, passwordPath: password })).address).to.equal(address);
  });
  it("loads a raw key with and without 0x", async () => {
    const wallet = Wallet.createRandom();
    const path = secret("key", `${wallet.privateKey}\n`);
    expect((await loadKey({ kind: "raw", path })).address).to.equal(wallet.address);
    const bare = secret("bare", wallet.privateKey.slice(2));
    expect((await loadKey({ kind: "raw", path: bare })).address).to.equal(wallet.address);
  });
});

async function failure(promise: Promise<unknown>): Promise<CommonweightError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CommonweightError) return error;
  throw new Error("expected a CommonweightError", { cause: error });
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return (await failure(promise)).code;
}
