import { expect } from "chai";

import type { Release } from "@commonweight/sdk/chain/read-history";
import { chooseRelease, type ReleasedJob } from "../../../../trainer/roles/releases/choose-release.ts";
import { refusalOf } from "../../../helpers/refusals.ts";

const release = (round: number, score: number, confirmed?: number): Release => ({
  ...{ round, version: round, digest: `0x${"1".repeat(64)}`, score, confirmed },
});
const job = (releases: readonly Release[], closed = false): ReleasedJob => ({
  ...{ jobId: 7n, closed, holdout: "public", releases },
});
const codeOf = (of: ReleasedJob, round?: number) =>
  refusalOf(() => Promise.resolve().then(() => chooseRelease(of, round)));

describe("the model that `model fetch` takes", () => {
  it("is refused where nothing is released, and for a round that released nothing", async () => {
    expect(await codeOf(job([]))).to.equal("MODEL_NOT_RELEASED");
    expect(await codeOf(job([], true), 1)).to.equal("MODEL_NOT_RELEASED");
    expect(await codeOf(job([release(1, 7_000, 6_900)]), 2)).to.equal("MODEL_NOT_RELEASED");
  });

  it("is refused while no release is confirmed, but the round can be named", async () => {
    const open = job([release(1, 7_000)]);
    expect(await codeOf(open)).to.equal("MODEL_NOT_CONFIRMED");
    expect(chooseRelease(open, 1).reason).to.contain("70.00 % attested, not confirmed");
  });

  it("is the best confirmed one, and the reason says what is newer", () => {
    const choice = chooseRelease(
      job([release(1, 7_000, 6_900), release(2, 6_000, 5_900), release(3, 9_000)]),
      undefined,
    );
    expect(choice.release.round).to.equal(1);
    expect(choice.reason)
      .to.contain("69.00 % is the best confirmed accuracy of 2 confirmed releases")
      .and.to.contain("round 3 released a newer model that is not confirmed");
  });

  it("is the newest of a closed job that nobody can confirm any more", () => {
    const choice = chooseRelease(job([release(1, 7_000)], true), undefined);
    expect(choice.release.round).to.equal(1);
    expect(choice.reason).to.contain("closed before");
  });
});
