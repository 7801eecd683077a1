import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Contracts with questions or counters in them are larger than contracts may be, and take more gas than a block has. A
 * fixed limit, because an estimate runs each transaction many times more.
 */
const LIMITS = "gas: 200_000_000, allowUnlimitedContractSize: true, blockGasLimit: 2 ** 29, transactionGasCap: false";
const CHAIN = 'type: "edr-simulated",';

/** Lets the chains of the project's copy in `folder` take contracts of any size. */
export function liftChainLimits(folder: string): void {
  for (const file of globSync(["hardhat.config.ts", "test/**/*.ts"], { cwd: folder })) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    // What a file sets itself stays.
    const lifted = text.replaceAll(CHAIN, (found, at: number) => {
      const rest = text.slice(at, text.indexOf("}", at));
      const missing = LIMITS.split(", ").filter((limit) => !rest.includes(`${limit.split(":")[0]}:`));
      return [found, ...missing.map((limit) => `${limit},`)].join(" ");
    });
    if (lifted !== text) writeFileSync(path, lifted);
  }
}
