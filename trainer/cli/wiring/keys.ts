import { CommonweightError } from "@commonweight/sdk/errors";
import type { Wallet } from "ethers";

import { createKeystore, loadKey, type KeySource } from "../../chain/keystore.ts";
import type { CommonOptions } from "../options/options.ts";

/**
 * Loads the account given by the options.
 *
 * @throws KEY_MISSING, and the errors of `loadKey`
 */
export function loadAccount(options: CommonOptions): Promise<Wallet> {
  return loadKey(keySource(options));
}

/** The address of the given key; `undefined` without a key. */
export async function accountOf(options: CommonOptions): Promise<string | undefined> {
  return hasKey(options) ? (await loadAccount(options)).address : undefined;
}

/** Creates a key, encrypted in a new file; returns its address. */
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
    "Pass a keystore (--keystore FILE --password-file FILE) or, on a local chain, a key file (--key-file FILE).",
  );
}
