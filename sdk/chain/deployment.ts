import { getAddress } from "ethers";
import { z } from "zod";

import { addressText } from "../address.ts";
import { withoutByteOrderMark } from "../decode-text.ts";
import { CommonweightError } from "../errors.ts";

/** Most that a deployment may ask for. */
const MAX_CONFIRMATIONS = 1_000;

const address = addressText.transform((text) => getAddress(text));

const deploymentFile = z.strictObject({
  network: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "expected lower-case letters, digits and hyphens"),
  chainId: z.int().min(1),
  /** Block of the first contract's creation: no earlier block has logs. */
  block: z.int().min(0),
  /** Hash of the transaction that created the market, the last of the contracts. */
  transaction: z.string().regex(/^0x[0-9a-fA-F]{64}$/, "expected a transaction's hash"),
  market: address,
  lifecycle: address,
  rounds: address,
  book: address,
  trust: address,
  committees: address,
  panel: address,
  registry: address,
  /** Token that wraps the native coin. */
  wrappedNative: address,
  /** How long stake thaws, in seconds. */
  thawPeriod: z.int().min(1),
  /** How many blocks deep, its own included, a transaction counts as final on this chain. */
  confirmations: z.int().min(1).max(MAX_CONFIRMATIONS),
});

/** The contracts' addresses on one network: a file in `deployments/`. */
export type Deployment = Omit<z.infer<typeof deploymentFile>, "chainId"> & { readonly chainId: bigint };

/**
 * Parses a deployment's file.
 *
 * @param source the file's name as messages show it
 * @throws DEPLOYMENT_INVALID
 */
export function parseDeployment(text: string, source: string): Deployment {
  return deploymentOf(parsed(text, source), source);
}

/**
 * Checks a deployment's parsed JSON, for example imported from its file.
 *
 * @param source the file's name as messages show it
 * @throws DEPLOYMENT_INVALID
 */
export function deploymentOf(data: unknown, source = "the deployment"): Deployment {
  const result = deploymentFile.safeParse(data);
  if (!result.success) throw invalid(source, z.prettifyError(result.error), result.error);
  return { ...result.data, chainId: BigInt(result.data.chainId) };
}

/** Writes a deployment as the text of its file. */
export function serialiseDeployment(deployment: Deployment): string {
  return `${JSON.stringify({ ...deployment, chainId: Number(deployment.chainId) }, null, 2)}\n`;
}

function parsed(text: string, source: string): unknown {
  try {
    return JSON.parse(withoutByteOrderMark(text)) as unknown;
  } catch (cause) {
    throw invalid(source, "it is not JSON", cause);
  }
}

function invalid(source: string, reason: string, cause: unknown): CommonweightError {
  return new CommonweightError(
    "DEPLOYMENT_INVALID",
    `${source} does not describe a deployment: ${reason}`,
    "Give a file that `npm run deploy` wrote, or deploy again with --force.",
    { cause },
  );
}
