import { expect } from "chai";
import { Wallet, hexlify, randomBytes } from "ethers";

import { attestationOf, scoresCommitment, updateCommitment } from "@commonweight/sdk/protocol/commitments";
import * as model from "../../helpers/contracts/commitments.ts";

const digest = hexlify(randomBytes(32));
const salt = hexlify(randomBytes(32));
const contract = Wallet.createRandom().address;
const sender = Wallet.createRandom().address;
const place: model.CommitmentPlace = { chainId: 31_337n, contract, jobId: 12n, round: 3n };
const { chainId, jobId } = place;

// The contract tests' job driver uses the sdk's commitments, so they are compared here with an independent model.
describe("commitments are those of the independent model", () => {
  it("to an update", () => {
    const own = updateCommitment({ chainId, rounds: contract, jobId, round: 3, trainer: sender, digest, salt });
    expect(own).to.equal(model.updateCommitment(place, sender, digest, salt));
  });

  it("to scores", () => {
    const vector = model.packScores([100, -50, model.INVALID, model.UNAVAILABLE, ...Array<number>(14).fill(7)]);
    const opening = { chainId, panel: contract, jobId, round: 3, attempt: 2, validator: sender, vector, salt };
    const expected = model.scoresCommitment(place, { attempt: 2n, validator: sender }, vector, salt);
    expect(scoresCommitment(opening)).to.equal(expected);
  });

  it("of a model", () => {
    const release: model.Release = { digest, baseScore: 1_000, score: 5_000 };
    const own = attestationOf({ chainId, panel: contract, jobId, round: 3, attempt: 1, validator: sender, ...release });
    expect(own).to.equal(model.attestation(place, 1n, sender, release));
  });
});
