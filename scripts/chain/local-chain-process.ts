// The program that `startLocalChain` runs. It reads neither hardhat.config.ts nor artifacts, so that it works before
// the contracts are compiled.
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { z } from "zod";

const settings = z
  .strictObject({
    intervalMs: z.int().min(1),
    chainId: z.int().min(1),
    accounts: z.int().min(1).max(1_000),
    mnemonic: z.string(),
    port: z.int().min(0).max(65_535),
  })
  .parse(JSON.parse(process.argv[2] ?? "{}"));

const hardhat = await createHardhatRuntimeEnvironment({
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
});
const server = await hardhat.network.createServer({ network: "local" }, "127.0.0.1", settings.port);
const { address, port } = await server.listen();
console.log(`http://${address}:${port}`);

// The pipe closes when the parent exits, even if it is killed.
process.stdin.on("close", () => process.exit(0));
process.stdin.resume();
process.on("SIGTERM", () => process.exit(0));
