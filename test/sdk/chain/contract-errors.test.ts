import { expect } from "chai";
import { encodeBytes32String, parseEther } from "ethers";

import { contractError, isExplained } from "@commonweight/sdk/chain/contract-errors";
import { contractInterfaces } from "@commonweight/sdk/chain/contracts";

describe("contract errors", () => {
  it("explain every custom error of the contracts", () => {
    const names = contractInterfaces.flatMap((one) => one.fragments.filter(({ type }) => type === "error"));
    const unexplained = names
      .map((fragment) => ("name" in fragment ? String(fragment.name) : ""))
      .filter((name) => !isExplained(name));
    expect(unexplained).to.deep.equal([]);
  });

  it("name the phase, the parameter, the amounts", () => {
    const phase = contractError("cancelJob", { error: "TrainingRounds_WrongPhase", args: [3n, 10n] });
    expect([phase.code, phase.message]).to.deep.equal([
      "JOB_WRONG_PHASE",
      "cancelJob is refused: job 3 is in phase closed",
    ]);
    const args = [encodeBytes32String("committeeSize")];
    expect(contractError("postJob", { error: "JobBook_BadParameter", args }).message).to.contain("committeeSize");
    const inexact = contractError("stake", { error: "Ledger_InexactTransfer", args: ["0xAA", 100n, 99n] });
    expect(inexact.code).to.equal("TOKEN_INEXACT");
    expect(inexact.message).to.contain("99 smallest units instead of 100");
  });

  it("give amounts in whole tokens with what is missing, and keep the exact ones", () => {
    const format = { decimals: 18, symbol: "coins" };
    const [free, needed] = [parseEther("0.123456789"), parseEther("2.5")];
    const stake = { error: "StakeRegistry_InsufficientStake", args: ["0xAA", "0xBB", free, needed] };
    const { message, amounts } = contractError("thaw", stake, format);
    expect(message).to.contain("is 0.123457 coins, needed are 2.5 coins; missing: 2.37654 coins");
    expect(amounts).to.deep.equal({ actual: free, needed, missing: needed - free });
    for (const error of ["ERC20InsufficientBalance", "ERC20InsufficientAllowance"]) {
      const lacking = contractError("stake", { error, args: ["0xAA", free, needed] }, format);
      expect(lacking.message).to.contain("0.123457 coins").and.to.contain("missing: 2.37654 coins");
    }
  });

  it("say what is known of an unknown error", () => {
    const { code, message } = contractError("stake", { error: "Error", args: ["not today"] });
    expect(code).to.equal("CONTRACT_REFUSED");
    expect(message).to.contain("Error(not today)");
  });
});
