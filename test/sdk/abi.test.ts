import { expect } from "chai";

import { abiFiles } from "../../scripts/abi-files.ts";
import { erc20Abi } from "../../sdk/abi/erc20.ts";
import { jobBookAbi } from "../../sdk/abi/job-book.ts";
import { jobRoundsAbi } from "../../sdk/abi/job-rounds.ts";
import { scoringPanelAbi } from "../../sdk/abi/scoring-panel.ts";
import { stakeRegistryAbi } from "../../sdk/abi/stake-registry.ts";
import { trainingMarketAbi } from "../../sdk/abi/training-market.ts";
import { trustBookAbi } from "../../sdk/abi/trust-book.ts";
import { wrappedNativeAbi } from "../../sdk/abi/wrapped-native.ts";
import { contractInterfaces } from "../../sdk/contracts.ts";

const shipped: Readonly<Record<string, readonly unknown[]>> = {
  erc20Abi,
  jobBookAbi,
  jobRoundsAbi,
  scoringPanelAbi,
  stakeRegistryAbi,
  trainingMarketAbi,
  trustBookAbi,
  wrappedNativeAbi,
};

describe("sdk/abi", () => {
  for (const { name, constant, abi } of abiFiles()) {
    it(`${name} is what the compiler made: else run scripts/generate-abi.ts`, () => {
      expect(shipped[constant]).to.deep.equal(abi);
    });
  }

  it("decodes the errors of contracts that a contract calls", () => {
    const [market, rounds, , , panel, registry] = contractInterfaces;
    for (const error of ["JobBook_BadParameter", "JobRounds_NotInvited", "ERC20InsufficientAllowance"]) {
      expect(market?.getError(error), error).not.to.equal(null);
    }
    expect(rounds?.getError("JobBook_WrongKey")).not.to.equal(null);
    for (const error of ["StakeRegistry_InsufficientStake", "JobRounds_WrongModel"]) {
      expect(panel?.getError(error), error).not.to.equal(null);
    }
    expect(registry?.getError("ERC20InsufficientBalance")).not.to.equal(null);
  });
});
