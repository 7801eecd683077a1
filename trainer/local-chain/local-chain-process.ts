// The program that `startLocalChain` runs. It reads neither hardhat.config.ts nor artifacts, so that it works before
// the contracts are compiled, and outside of a Hardhat project. Its first line of output is a `LocalChainReport`.
import { fileURLToPath } from "node:url";

import { z } from "zod";

import type { LocalChainReport } from "./local-chain-report.ts";

let isListening = false;
// A taken port is an event without another listener, and a missing package an import that rejects.
process.on("uncaughtException", (error) => {
  if (isListening) console.error(error);
  else report({ kind: "failed", code: "code" in error ? String(error.code) : error.name, message: error.message });
  process.exit(1);
});
// The pipe closes when the parent exits, even if it is killed.
process.stdin.on("close", () => process.exit(0));
process.stdin.resume();
process.on("SIGTERM", () => process.exit(0));
// A terminal sends SIGINT to parent and child; the parent decides when the chain ends.
process.on("SIGINT", () => undefined);

const settings = z
  .strictObject({
    intervalMs: z.int().min(1),
    chainId: z.int().min(1),
    accounts: z.int().min(1).max(1_000),
    mnemonic: z.string(),
    port: z.int().min(0).max(65_535),
  })
  .parse(JSON.parse(process.argv[2] ?? "{}"));

// Imported here, so that a missing package is reported. In the published package Hardhat is an optional peer.
const { createHardhatRuntimeEnvironment } = await import("hardhat/hre");
const config = {
  networks: {
    local: {
      type: "edr-simulated",
      chainType: "l1",
      chainId: settings.chainId,
      accounts: { mnemonic: settings.mnemonic, count: settings.accounts },
      // Blocks may share a timestamp; otherwise automining would push block time ahead of the wall clock.
      allowBlocksWithSameTimestamp: true,
      mining: { auto: true, interval: settings.intervalMs },
      // A reverting transaction is mined and gets a receipt with status 0, as on a real node.
      throwOnTransactionFailures: false,
      loggingEnabled: false,
    },
  },
} as const;
// This package is the project's root, because the working directory may lie outside of every package.
const hardhat = await createHardhatRuntimeEnvironment(config, {}, fileURLToPath(import.meta.url));
const server = await hardhat.network.createServer({ network: "local" }, "127.0.0.1", settings.port);
const { address, port } = await server.listen();
isListening = true;
report({ kind: "listening", url: `http://${address}:${port}` });

function report(line: LocalChainReport): void {
  console.log(JSON.stringify(line));
}
