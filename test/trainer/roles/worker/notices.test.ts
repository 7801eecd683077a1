import { expect } from "chai";

import type { JobEvent } from "@commonweight/sdk/chain/job-events";
import { noticeOf } from "../../../../trainer/roles/worker/notices.ts";

const SELF = "0x1";
const INITIATOR = "0x9";
const event = (name: string, args: JobEvent["args"]): JobEvent => ({ block: 1, transaction: "0x", name, args });
const codeOf = (name: string, args: JobEvent["args"], account = SELF) =>
  noticeOf(event(name, args), account, INITIATOR)?.code;

describe("what a worker tells its operator about money", () => {
  it("is its own slash, with the amount", () => {
    expect(noticeOf(event("Slashed", { validator: SELF, amount: 7n }), SELF, INITIATOR)?.amount).to.equal("7");
    expect(codeOf("Slashed", { validator: "0x2", amount: 7n })).to.equal(undefined);
  });
  it("is its own bond, if it was burned", () => {
    expect(codeOf("Left", { trainer: SELF, forfeited: true })).to.equal("BOND_FORFEITED");
    expect(codeOf("Left", { trainer: SELF, forfeited: false })).to.equal(undefined);
    expect(codeOf("Left", { trainer: "0x2", forfeited: true })).to.equal(undefined);
  });
  it("is the initiator's bond, for the initiator alone", () => {
    expect(codeOf("HoldoutFailed", { opened: false }, INITIATOR)).to.equal("INITIATOR_BOND_BURNED");
    expect(codeOf("HoldoutFailed", { opened: true }, INITIATOR)).to.equal("HOLDOUT_UNREADABLE");
    expect(codeOf("HoldoutFailed", { opened: false })).to.equal(undefined);
  });
});
