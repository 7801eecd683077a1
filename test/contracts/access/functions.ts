import hre from "hardhat";

import { CALLS } from "./calls.ts";
import { type Grants, functionOf } from "./table.ts";

/** An item of a compiled ABI. */
interface AbiItem {
  readonly type: string;
  readonly name?: string;
  readonly stateMutability?: string;
}

/** Contracts that are not part of a deployment: tokens and actors for tests. */
const MOCKS = "contracts/mocks/";

/** Returns `Contract.function` for every state-changing function of every deployable contract. */
export async function changingFunctions(): Promise<string[]> {
  const names = [...(await hre.artifacts.getAllFullyQualifiedNames())];
  const own = names.filter((name) => name.startsWith("contracts/") && !name.startsWith(MOCKS));
  const artifacts = await Promise.all(own.map((name) => hre.artifacts.readArtifact(name)));
  return artifacts
    .filter(({ bytecode }) => bytecode !== "0x")
    .flatMap(({ contractName, abi }) => changing([...abi]).map((name) => `${contractName}.${name}`))
    .toSorted();
}

/**
 * Returns the gaps between contracts and table: functions without row, rows without function, rows without grants.
 */
export function gapsOf(functions: readonly string[], table: Readonly<Record<string, Grants>>): string[] {
  const rows = Object.entries(table);
  const named = new Set(rows.map(([row]) => functionOf(row)));
  return [
    ...functions.filter((name) => !named.has(name)).map((name) => `${name} has no row`),
    ...rows.filter(([row]) => !functions.includes(functionOf(row))).map(([row]) => `row ${row} has no function`),
    ...rows.filter(([row]) => CALLS[row] === undefined).map(([row]) => `row ${row} has no call`),
    ...rows.filter(([, grants]) => grants.length === 0).map(([row]) => `row ${row} grants nothing`),
  ];
}

/** Also `receive` and `fallback`, which have no name. */
function changing(abi: readonly AbiItem[]): string[] {
  return abi
    .filter(({ stateMutability }) => stateMutability === "nonpayable" || stateMutability === "payable")
    .filter(({ type }) => type !== "constructor")
    .map(({ type, name }) => name ?? type);
}
