import { expect } from "chai";
import { encodeBytes32String } from "ethers";

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
    expect([inexact.code, inexact.message.includes("99 smallest units instead of 100")]).to.deep.equal([
      "TOKEN_INEXACT",
      true,
    ]);
  });

  it("say what is known of an unknown error", () => {
    const { code, message } = contractError("stake", { error: "Error", args: ["not today"] });
    expect(code).to.equal("CONTRACT_REFUSED");
    expect(message).to.contain("Error(not today)");
  });
});
