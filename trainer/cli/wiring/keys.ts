import { CommonweightError } from "@commonweight/sdk/errors";
import type { Wallet } from "ethers";

import { createKeystore, loadKey, type KeySource } from "../../chain/keystore.ts";
import type { CommonOptions } from "../options/options.ts";

/**
 * Loads the account that the options name.
 *
 * @throws KEY_MISSING, and what `loadKey` throws
 */
export function loadAccount(options: CommonOptions): Promise<Wallet> {
  return loadKey(keySource(options));
}

/** The account whose key is given; `undefined` where none is. */
export async function accountOf(options: CommonOptions): Promise<string | undefined> {
  return hasKey(options) ? (await loadAccount(options)).address : undefined;
}

/** Makes an account: a new key, encrypted in a new file. Gives its address. */
export function createAccount(keystore: string, passwordFile: string): Promise<string> {
  return createKeystore(keystore, passwordFile);
}

function hasKey({ keystore, passwordFile, keyFile }: CommonOptions): boolean {
  return (keystore !== undefined && passwordFile !== undefined) || keyFile !== undefined;
}

function keySource(options: CommonOptions): KeySource {
  if (options.keystore !== undefined && options.passwordFile !== undefined) {
    return { kind: "keystore", path: options.keystore, passwordPath: options.passwordFile };
  }
  if (options.keyFile !== undefined) return { kind: "raw", path: options.keyFile };
  throw new CommonweightError(
    "KEY_MISSING",
    "no key is given",
    "Name a keystore (--keystore FILE --password-file FILE) or, on a local chain, a key file (--key-file FILE).",
  );
}
