import { BrowserProvider, ContractFactory, Interface } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import { readArtifact } from "../../../scripts/chain/artifacts.ts";
import type { LibraryHarness } from "@commonweight/sdk/abi/typechain/mocks/LibraryHarness";

export interface OpenHarness {
  readonly harness: LibraryHarness;
  readonly address: string;
  readonly chainId: bigint;
  close(): Promise<void>;
}

/**
 * Deploys the harness on a chain of its own inside this process.
 *
 * The chain comes without Hardhat's plugins: one of them replaces chai's numeric assertions for every test of the
 * process.
 */
export async function openHarness(): Promise<OpenHarness> {
  const hardhat = await createHardhatRuntimeEnvironment({
    networks: {
      // A call runs hundreds of vectors.
      vectors: { type: "edr-simulated", chainType: "l1", blockGasLimit: 2 ** 40, transactionGasCap: false },
    },
  });
  const connection = await hardhat.network.create("vectors");
  const provider = new BrowserProvider(connection.provider);
  const { abi, bytecode } = readArtifact("mocks/LibraryHarness");
  const abiOfHarness = Interface.from(JSON.stringify(abi));
  const contract = await new ContractFactory(abiOfHarness, bytecode, await provider.getSigner()).deploy();
  return {
    // Cast: TypeChain's type describes this interface.
    harness: contract as unknown as LibraryHarness,
    address: await contract.getAddress(),
    chainId: (await provider.getNetwork()).chainId,
    close: async () => {
      provider.destroy();
      await connection.close();
    },
  };
}
