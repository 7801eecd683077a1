import { expect } from "chai";

import { abiFiles } from "../../../tools/abi/abi-files.ts";
import { erc20Abi } from "@commonweight/sdk/abi/erc20";
import { jobBookAbi } from "@commonweight/sdk/abi/job-book";
import { committeesAbi } from "@commonweight/sdk/abi/committees";
import { jobLifecycleAbi } from "@commonweight/sdk/abi/job-lifecycle";
import { trainingRoundsAbi } from "@commonweight/sdk/abi/training-rounds";
import { scoringPanelAbi } from "@commonweight/sdk/abi/scoring-panel";
import { stakeRegistryAbi } from "@commonweight/sdk/abi/stake-registry";
import { trainingMarketAbi } from "@commonweight/sdk/abi/training-market";
import { trustBookAbi } from "@commonweight/sdk/abi/trust-book";
import { wrappedNativeAbi } from "@commonweight/sdk/abi/wrapped-native";
import { contractInterfaces } from "@commonweight/sdk/chain/contracts";

const shipped: Readonly<Record<string, readonly unknown[]>> = {
  erc20Abi,
  jobBookAbi,
  committeesAbi,
  jobLifecycleAbi,
  trainingRoundsAbi,
  scoringPanelAbi,
  stakeRegistryAbi,
  trainingMarketAbi,
  trustBookAbi,
  wrappedNativeAbi,
};

describe("sdk/abi", () => {
  for (const { name, constant, abi } of abiFiles()) {
    it(`${name} is what the compiler made: else run tools/abi/generate-abi.ts`, () => {
      expect(shipped[constant]).to.deep.equal(abi);
    });
  }

  it("decodes the errors of contracts that a contract calls", () => {
    const [market, , rounds, , , committees, panel, registry] = contractInterfaces;
    for (const error of ["JobBook_BadParameter", "TrainingRounds_NotInvited", "ERC20InsufficientAllowance"]) {
      expect(market?.getError(error), error).not.to.equal(null);
    }
    expect(rounds?.getError("JobBook_WrongKey")).not.to.equal(null);
    expect(committees?.getError("StakeRegistry_InsufficientStake")).not.to.equal(null);
    expect(panel?.getError("JobLifecycle_NotPanel")).not.to.equal(null);
    expect(registry?.getError("ERC20InsufficientBalance")).not.to.equal(null);
  });
});
