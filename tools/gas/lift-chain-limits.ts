import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Limits for instrumented contracts, which exceed the code size limit and the block gas limit. The gas limit is fixed,
 * because an estimate would run each transaction many times.
 */
const LIMITS = "gas: 200_000_000, allowUnlimitedContractSize: true, blockGasLimit: 2 ** 29, transactionGasCap: false";
const CHAIN = 'type: "edr-simulated",';

/** Lifts the limits of all simulated chains in the project's copy in `folder`. */
export function liftChainLimits(folder: string): void {
  for (const file of globSync(["hardhat.config.ts", "test/**/*.ts"], { cwd: folder })) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    // Limits that a file sets itself are kept.
    const lifted = text.replaceAll(CHAIN, (found, at: number) => {
      const rest = text.slice(at, text.indexOf("}", at));
      const missing = LIMITS.split(", ").filter((limit) => !rest.includes(`${limit.split(":")[0]}:`));
      return [found, ...missing.map((limit) => `${limit},`)].join(" ");
    });
    if (lifted !== text) writeFileSync(path, lifted);
  }
}
