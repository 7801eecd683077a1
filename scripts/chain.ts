// `npm run chain`: starts a new local chain with the contracts deployed, at the program's default endpoint. Writes the
// accounts' keys to files, for `--key-file`.
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

import { Command, InvalidArgumentError } from "commander";
import { HDNodeWallet, Mnemonic } from "ethers";

import { CommonweightError } from "@commonweight/sdk/errors";
import { makeFolder } from "../trainer/make-folder.ts";
import { LOCAL_CHAIN_MNEMONIC } from "./chain/local-chain.ts";
import { startMarketChain } from "./chain/market-chain.ts";
import { ensureContractsBuilt } from "../bin/install.mjs";

const KEYS_WRITTEN = 10;

const command = new Command("chain")
  .description("Starts a local chain with the contracts deployed as deployments/local.json says; interrupt to stop.")
  .option("--port <port>", "port on the loopback address", portNumber, 8_545)
  .option("--keys <folder>", "folder for the accounts' keys", ".commonweight/local-keys")
  .action(run);

try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof CommonweightError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.hint}`);
  process.exitCode = 1;
}

async function run({ port, keys }: { readonly port: number; readonly keys: string }): Promise<void> {
  ensureContractsBuilt();
  const { chain, deployment } = await startMarketChain({ port });
  await writeKeys(keys);
  console.log(`chain ${deployment.chainId} at ${chain.url}, contracts as in deployments/local.json`);
  console.log(`keys of ${KEYS_WRITTEN} funded accounts in ${join(relative("", keys) || ".", "account-N")}`);
  console.log("interrupt to stop");
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void chain.stop());
}

/** Writes the keys of a public mnemonic, which must not be used on a public chain. */
async function writeKeys(folder: string): Promise<void> {
  makeFolder(folder);
  const mnemonic = Mnemonic.fromPhrase(LOCAL_CHAIN_MNEMONIC);
  for (let index = 0; index < KEYS_WRITTEN; index++) {
    const { privateKey } = HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${index}`);
    await writeFile(join(folder, `account-${index}`), `${privateKey}\n`, { mode: 0o600 });
  }
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("expected a port, 0 to 65535");
}
