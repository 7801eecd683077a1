import { expect } from "chai";
import fc from "fast-check";

import { broadcastVerdict } from "../../../trainer/chain/transaction/broadcast-verdict.ts";
import { firstFees, raisedFees } from "../../../trainer/chain/transaction/fees.ts";

const gwei = 10n ** 9n;
const wei = fc.bigInt({ min: 0n, max: 10n ** 13n });

describe("fees", () => {
  it("offer twice the base fee and the tip, and never more than the cap", () => {
    expect(firstFees(10n * gwei, 2n * gwei, 500n * gwei)).to.deep.equal({
      maxFeePerGas: 22n * gwei,
      maxPriorityFeePerGas: 2n * gwei,
    });
    expect(firstFees(10n * gwei, undefined, 1n)).to.deep.equal({ maxFeePerGas: 1n, maxPriorityFeePerGas: 1n });
  });
  it("of a replacement are at least an eighth higher, or there is no replacement", () => {
    fc.assert(
      fc.property(wei, wei, wei, wei, (base, tip, later, cap) => {
        const old = firstFees(base, tip, cap);
        const raised = raisedFees(old, later, cap);
        if (raised === undefined) return (old.maxFeePerGas * 9n + 7n) / 8n > cap;
        const enough = raised.maxFeePerGas * 8n >= old.maxFeePerGas * 9n;
        const tipEnough = raised.maxPriorityFeePerGas * 8n >= old.maxPriorityFeePerGas * 9n;
        return enough && tipEnough && raised.maxFeePerGas <= cap && raised.maxPriorityFeePerGas <= raised.maxFeePerGas;
      }),
    );
  });
});

describe("broadcastVerdict", () => {
  const messages = {
    "already known": "known",
    "known transaction: 0x12": "known",
    AlreadyKnown: "known",
    "replacement transaction underpriced": "underpriced",
    "max fee per gas less than block base fee: address 0x1": "underpriced",
    "nonce too low: next nonce 5, tx nonce 4": "nonce-used",
    "Nonce too high. Expected nonce to be 1 but got 3.": "nonce-early",
    "insufficient funds for gas * price + value": "funds",
    "Sender doesn't have enough funds to send tx.": "funds",
    "VM Exception while processing transaction: reverted": "reverted",
    "invalid sender": "invalid",
    "internal error": "later",
  };
  for (const [message, verdict] of Object.entries(messages)) {
    it(`takes "${message}" for ${verdict}`, () => expect(broadcastVerdict(message)).to.equal(verdict));
  }
});
