import { BrowserProvider, ContractFactory, Interface } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import { readArtifact } from "../../../trainer/local-chain/artifacts.ts";
import type { LibraryHarness } from "@commonweight/sdk/abi/typechain/mocks/LibraryHarness";

export interface OpenHarness {
  readonly harness: LibraryHarness;
  readonly address: string;
  readonly chainId: bigint;
  close(): Promise<void>;
}

/**
 * Deploys the harness on its own in-process chain.
 *
 * The chain has no Hardhat plugins, because one of them patches chai's numeric assertions in the whole process.
 */
export async function openHarness(): Promise<OpenHarness> {
  const hardhat = await createHardhatRuntimeEnvironment({
    networks: {
      // One call runs many vectors.
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
