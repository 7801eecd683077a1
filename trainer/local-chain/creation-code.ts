import { z } from "zod";

import { bytecodeOf } from "./artifacts.ts";

/** Returns the creation code of a contract, named by its file below `contracts/` without the extension. */
export type CreationCode = (contract: string) => string;

/** A module of the published sdk. The repository lacks it, where the build's artifacts have the code. */
const PUBLISHED: string = "@commonweight/sdk/abi/bytecode";

const publishedModule = z.object({
  bytecodeOf: z.custom<CreationCode>((value) => typeof value === "function", "expected a function"),
});

/** Gives the contracts' creation code, of the published sdk, or in the repository of the build. */
export async function creationCode(): Promise<CreationCode> {
  try {
    return publishedModule.parse(await import(PUBLISHED)).bytecodeOf;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return bytecodeOf;
    throw error;
  }
}
