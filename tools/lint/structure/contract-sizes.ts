import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** A contract and the size of its runtime code. */
export interface ContractSize {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Reads the code sizes of the built contracts; mocks, interfaces and abstract contracts are left out.
 *
 * @returns an empty list if nothing is built
 */
export function readContractSizes(root: string): readonly ContractSize[] {
  const folder = join(root, "artifacts", "contracts");
  if (!existsSync(folder)) return [];
  return globSync("**/*.sol/*.json", { cwd: folder })
    .filter((file) => !file.startsWith("mocks"))
    .map((file) => ({ name: basename(file, ".json"), bytes: codeSize(readFileSync(join(folder, file), "utf8")) }))
    .filter(({ bytes }) => bytes > 0);
}

function codeSize(artifact: string): number {
  const { deployedBytecode = "0x" } = JSON.parse(artifact) as { readonly deployedBytecode?: string };
  return (deployedBytecode.length - 2) / 2;
}
