import { CommonweightError } from "@commonweight/sdk/errors";
import type { Wallet } from "ethers";

import { createKeystore, loadKey, type KeySource } from "../../chain/keystore.ts";
import type { CommonOptions } from "../options/options.ts";

/**
 * Loads the account given by the options.
 *
 * @throws KEY_MISSING · KEY_AMBIGUOUS, and the errors of `loadKey`
 */
export async function loadAccount(options: CommonOptions): Promise<Wallet> {
  return loadKey(keySourceOf(options) ?? failWithoutKey());
}

/**
 * The address of the given key; `undefined` without a key.
 *
 * @throws KEY_MISSING half of a pair is given · KEY_AMBIGUOUS, and the errors of `loadKey`
 */
export async function accountOf(options: CommonOptions): Promise<string | undefined> {
  const source = keySourceOf(options);
  return source === undefined ? undefined : (await loadKey(source)).address;
}

/** Creates a key, encrypted in a new file; returns its address. */
export function createAccount(keystore: string, passwordFile: string): Promise<string> {
  return createKeystore(keystore, passwordFile);
}

/** Settings that name a key: a keystore with its password, or the file of a raw key. */
export type KeySettings = Pick<CommonOptions, "keyFile" | "keystore" | "passwordFile">;

/**
 * Gives the source of the key; `undefined` without one. Nothing is guessed from half of a pair or from two keys:
 * another account than the intended one could act.
 *
 * @throws KEY_MISSING half of a pair is given · KEY_AMBIGUOUS two kinds of key are given
 */
export function keySourceOf({ keyFile, keystore, passwordFile }: KeySettings): KeySource | undefined {
  if (keyFile !== undefined && (keystore !== undefined || passwordFile !== undefined)) {
    throw new CommonweightError(
      "KEY_AMBIGUOUS",
      `two kinds of key are given: the raw key ${keyFile} and the keystore ${keystore ?? `of ${passwordFile}`}`,
      "Keep one: --keystore FILE with --password-file FILE, or --key-file FILE.",
    );
  }
  if (keyFile !== undefined) return { kind: "raw", path: keyFile };
  if (keystore === undefined && passwordFile === undefined) return undefined;
  if (keystore === undefined) throw halfOfPair("--password-file needs --keystore: no keystore is given");
  if (passwordFile === undefined) throw halfOfPair("--keystore needs --password-file: no password file is given");
  return { kind: "keystore", path: keystore, passwordPath: passwordFile };
}

function halfOfPair(message: string): CommonweightError {
  return new CommonweightError(
    "KEY_MISSING",
    message,
    "Pass both from one source: the command line, the environment, or the configuration file.",
  );
}

function failWithoutKey(): never {
  throw new CommonweightError(
    "KEY_MISSING",
    "no key is given",
    "Pass a keystore (--keystore FILE --password-file FILE) or, on a local chain, a key file (--key-file FILE).",
  );
}
