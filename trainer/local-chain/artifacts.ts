import { readFileSync } from "node:fs";

import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";

const abiItem = z.looseObject({ type: z.string(), name: z.string().optional() });

const artifact = z.object({ abi: z.array(abiItem), bytecode: z.string().regex(/^0x([0-9a-f]{2})+$/) });

/** One function, event or error of a compiled ABI. */
export type AbiItem = z.infer<typeof abiItem>;

/** A compiled contract. */
export type Artifact = z.infer<typeof artifact>;

/**
 * Reads a contract's artifact.
 *
 * @param contract its file below `contracts/`, without the extension: `mocks/WrappedNative`
 * @throws DEPLOYMENT_NOT_BUILT
 */
export function readArtifact(contract: string): Artifact {
  const name = contract.split("/").at(-1) ?? contract;
  const url = new URL(`../../artifacts/contracts/${contract}.sol/${name}.json`, import.meta.url);
  try {
    return artifact.parse(JSON.parse(readFileSync(url, "utf8")));
  } catch (cause) {
    throw new CommonweightError(
      "DEPLOYMENT_NOT_BUILT",
      `${name} is not compiled`,
      "Build the contracts first: npm run build:contracts",
      { cause },
    );
  }
}

/** Reads a contract's creation code, for `deployMarket`. */
export function bytecodeOf(contract: string): string {
  return readArtifact(contract).bytecode;
}
