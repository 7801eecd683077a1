// `npm run deploy`: deploys the contracts and writes deployments/<network>.json. Keys are passed as file paths only.
import { access } from "node:fs/promises";

import { Command, InvalidArgumentError, Option } from "commander";
import { JsonRpcProvider } from "ethers";

import { deploymentExists, writeDeployment } from "../trainer/cli/wiring/deployment-file.ts";
import { addressText } from "@commonweight/sdk/address";
import { CommonweightError } from "@commonweight/sdk/errors";
import { keySourceOf } from "../trainer/cli/wiring/keys.ts";
import { loadKey } from "../trainer/chain/keystore.ts";
import { DEFAULT_CONFIRMATIONS, deployMarket, networkName } from "@commonweight/sdk/chain/deploy-market";
import { bytecodeOf } from "../trainer/local-chain/artifacts.ts";
import { deploymentPath } from "./deployment-path.ts";
import { ensureContractsBuilt } from "../bin/install.mjs";

interface DeployOptions {
  readonly rpc: string;
  readonly keyFile?: string;
  readonly keystore?: string;
  readonly passwordFile?: string;
  readonly network?: string;
  readonly out?: string;
  readonly thawPeriod: number;
  readonly confirmations?: number;
  readonly wrappedNative?: string;
  readonly deployWrappedNative?: boolean;
  readonly force: boolean;
}

const command = new Command("deploy")
  .description("Deploys the contracts in six transactions, and writes their addresses to a file.")
  .requiredOption("--rpc <url>", "RPC endpoint")
  .option("--key-file <file>", "file with a raw private key, for local chains")
  .option("--keystore <file>", "file with the encrypted key")
  .option("--password-file <file>", "file with the keystore's password")
  .option("--network <name>", "name of the deployment; default local, or chain-ID")
  .option("--out <file>", "output file; default deployments/NAME.json of this repository")
  .option("--thaw-period <seconds>", "waiting period before stake can be withdrawn", wholeNumber, 604_800)
  .option(
    "--confirmations <blocks>",
    `block depth at which workers rely on a transaction; default 1 on local chains, else ${DEFAULT_CONFIRMATIONS}`,
    depth,
  )
  .option("--wrapped-native <address>", "token that wraps the native coin (WETH)", address)
  .addOption(
    new Option(
      "--deploy-wrapped-native",
      "deploy that token too, on a chain without one; default on local chains (1337, 31337)",
    ).conflicts("wrappedNative"),
  )
  .option("--force", "overwrite an existing file", false)
  .action(deploy);

try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof CommonweightError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.hint}`);
  process.exitCode = 1;
}

async function deploy(options: DeployOptions): Promise<void> {
  const key = await loadKey(keySourceOf(options) ?? failWithoutKey());
  ensureContractsBuilt();
  const provider = new JsonRpcProvider(options.rpc);
  try {
    const network = options.network ?? networkName((await provider.getNetwork()).chainId);
    const path = options.out ?? deploymentPath(network);
    // Checked before gas is spent.
    if (!options.force && (await exists(path))) throw deploymentExists(path);
    const deployment = await deployMarket(key.connect(provider), { ...options, bytecodeOf, network });
    await writeDeployment(path, deployment, options.force);
    console.log(`market    ${deployment.market}`);
    console.log(`rounds    ${deployment.rounds}`);
    console.log(`panel     ${deployment.panel}`);
    console.log(`registry  ${deployment.registry}`);
    console.log(`written to ${path}`);
  } finally {
    provider.destroy();
  }
}

function failWithoutKey(): never {
  throw new CommonweightError(
    "DEPLOYMENT_NO_KEY",
    "no key is given",
    "Pass --keystore and --password-file, or --key-file on a local chain.",
  );
}

function address(text: string): string {
  const parsed = addressText.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues.map(({ message }) => message).join("; "));
}

function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError("expected a whole number of seconds");
  return Number(text);
}

function depth(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1_000) return Number(text);
  throw new InvalidArgumentError("expected a whole number from 1 to 1000");
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false; // Other errors, such as a missing permission, appear when the file is written.
  }
}
