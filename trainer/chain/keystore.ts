import { randomBytes } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";

import { Wallet, encryptKeystoreJson, type KeystoreAccount } from "ethers";

import { decodeText } from "@commonweight/sdk/decode-text";
import { CommonweightError } from "@commonweight/sdk/errors";

/** Permission bits of group and others. */
const SHARED = 0o077;
const OWNER_ONLY = 0o600;
const MAX_FILE_BYTES = 65_536;
/** The byte order mark, with which editors and shells of Windows begin UTF-8 files. */
const MARK = "\uFEFF";
/** Common scrypt cost of keystores: about a second and 128 MiB. */
const SCRYPT = { N: 131_072, r: 8, p: 1 } as const;

/** Location of a key. Secrets are given by path, never as arguments or environment variables. */
export type KeySource =
  | { readonly kind: "keystore"; readonly path: string; readonly passwordPath: string }
  /** The key itself in hexadecimal: for local chains. */
  | { readonly kind: "raw"; readonly path: string };

export interface KeystoreOptions {
  /** Scrypt cost; the default is that of other wallets. */
  readonly scrypt?: { readonly N: number; readonly r: number; readonly p: number };
}

/**
 * Loads an account's key.
 *
 * Errors: `KEY_FILE_MISSING` · `KEY_FILE_SHARED` other users have access to the raw key or the password ·
 * `KEY_FILE_INVALID` · `KEY_PASSWORD_INVALID` the password's file is not UTF-8 · `KEY_PASSWORD_WRONG`.
 */
export async function loadKey(source: KeySource): Promise<Wallet> {
  switch (source.kind) {
    case "raw":
      return walletOf(textOf(await readPrivate(source.path), source.path).trim(), source.path);
    case "keystore": {
      const json = textOf(await readBounded(source.path), source.path);
      return decrypt(json, await readPassword(source.passwordPath), source);
    }
  }
}

/**
 * Generates a random key and writes it as an encrypted keystore v3 to a new file that only its owner can read. Returns
 * the account's address.
 *
 * Errors: `KEY_FILE_EXISTS` · `KEY_PASSWORD_EMPTY`, and those of `loadKey` for the password's file.
 */
export async function createKeystore(
  path: string,
  passwordPath: string,
  options: KeystoreOptions = {},
): Promise<string> {
  const { password } = await readPassword(passwordPath);
  if (password.trim() === "") throw emptyPassword(passwordPath);
  const key: KeystoreAccount = walletOf(`0x${randomBytes(32).toString("hex")}`, path);
  const json = await encryptKeystoreJson(key, password, { scrypt: options.scrypt ?? SCRYPT });
  await writeNew(path, `${json}\n`);
  return key.address;
}

/** The password that a user sees in a file, and whether a byte order mark precedes it there. */
interface Password {
  readonly password: string;
  readonly hasMark: boolean;
}

async function decrypt(
  json: string,
  { password, hasMark }: Password,
  source: { path: string; passwordPath: string },
): Promise<Wallet> {
  try {
    const wallet = await Wallet.fromEncryptedJson(json, password);
    return walletOf(wallet.privateKey, source.path);
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes("incorrect password")) {
      // Another program may have taken the byte order mark for a part of the password.
      if (hasMark) return decrypt(json, { password: `${MARK}${password}`, hasMark: false }, source);
      throw new CommonweightError(
        "KEY_PASSWORD_WRONG",
        `the password in ${source.passwordPath} does not decrypt ${source.path}`,
        "Check the password file: its first line is the password.",
        { cause },
      );
    }
    throw invalid(source.path, "a keystore (version 3)", cause);
  }
}

function walletOf(key: string, path: string): Wallet {
  // Checked here, because ethers' error message might contain the key.
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(key)) throw invalid(path, "a private key of 64 hexadecimal digits");
  try {
    return new Wallet(key.startsWith("0x") ? key : `0x${key}`);
  } catch {
    throw invalid(path, "a valid private key"); // Without the cause, which might contain the key.
  }
}

/** The first line, without its line break and a byte order mark. */
async function readPassword(path: string): Promise<Password> {
  const bytes = await readPrivate(path);
  const text = decodeText(bytes);
  if (text === undefined) throw passwordNotText(path);
  return { password: text.split(/\r?\n/, 1)[0] ?? "", hasMark: bytes.subarray(0, 3).equals(Buffer.from(MARK)) };
}

async function readPrivate(path: string): Promise<Buffer> {
  const bytes = await readBounded(path);
  const { mode } = await stat(path);
  if (process.platform === "win32" || (mode & SHARED) === 0) return bytes;
  throw new CommonweightError(
    "KEY_FILE_SHARED",
    `other users have access to ${path} (mode ${(mode & 0o777).toString(8)})`,
    `Run: chmod 600 ${path}`,
  );
}

function textOf(bytes: Uint8Array, path: string): string {
  const text = decodeText(bytes);
  if (text === undefined) throw invalid(path, "a text file: it is not UTF-8");
  return text;
}

async function readBounded(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) throw invalid(path, "a key file: it is too large");
    return await readFile(path);
  } catch (cause) {
    if (!hasCode(cause, "ENOENT")) throw cause;
    throw new CommonweightError(
      "KEY_FILE_MISSING",
      `there is no file ${path}`,
      "Give the path of an existing file, or create a key with `commonweight init`.",
      { cause },
    );
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, "wx", OWNER_ONLY);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (!hasCode(cause, "EEXIST")) throw cause;
    throw new CommonweightError(
      "KEY_FILE_EXISTS",
      `${path} already exists`,
      "Choose another path: a key is never overwritten.",
      { cause },
    );
  }
}

function emptyPassword(path: string): CommonweightError {
  return new CommonweightError(
    "KEY_PASSWORD_EMPTY",
    `the first line of ${path} is empty: there is no password in it`,
    "Write a password into the first line of the file.",
  );
}

function passwordNotText(path: string): CommonweightError {
  return new CommonweightError(
    "KEY_PASSWORD_INVALID",
    `the password file ${path} is not UTF-8`,
    "Save it as UTF-8: other encodings have other bytes for the same password.",
  );
}

function invalid(path: string, expected: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "KEY_FILE_INVALID",
    `${path} is not ${expected}`,
    "Give a keystore v3 file, or a raw key file for local use.",
    { cause },
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
