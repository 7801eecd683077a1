import { expect } from "chai";

import type { JobView } from "@commonweight/sdk/chain/job-view";
import { risksOf } from "../../../../trainer/roles/worker/status/risk.ts";

const ACCOUNT = `0x${"ab".repeat(20)}`;
const params = { bond: 3n, seatLock: 5n, initiatorBond: 7n, holdout: "sealed" };
const member = { since: 1, lastCommitted: 0, commitments: 0, lastRevealed: 0, leaving: 0, number: 0 };

/** A view in round 2, of an account without a part in the job; only what is read. */
function viewOf({
  self = {},
  round = {},
  ...more
}: {
  self?: object;
  round?: object;
  [key: string]: unknown;
}): JobView {
  const running = { outcome: "running", disclosureEnd: 99, committee: { seats: [{ hasRevealed: false }] }, ...round };
  const absent = { account: ACCOUNT, member: undefined, isEnlisted: false, seat: undefined, ...self };
  const base = { phase: "training", params, initiator: "0x0", roundNumber: 2, ...more };
  return { ...base, round: running, self: absent } as unknown as JobView;
}

describe("what an account risks while its worker is away", () => {
  const kinds = (view: JobView) => risksOf(view).map(({ kind }) => kind);

  it("is nothing without a part in the job, or once it is closed", () => {
    expect(risksOf(viewOf({}))).to.deep.equal([]);
    const self = { isEnlisted: true, member };
    expect(risksOf(viewOf({ self, phase: "closed", initiator: ACCOUNT }))).to.deep.equal([]);
  });
  it("is the seat's lock while it is enlisted", () => {
    expect(risksOf(viewOf({ self: { isEnlisted: true } }))).to.deep.equal([{ kind: "enlisted", amount: 5n }]);
  });
  it("is that of its seat until it has revealed", () => {
    const self = { isEnlisted: true, seat: 0 };
    expect(risksOf(viewOf({ self }))).to.deep.include({ kind: "seat", amount: 5n, round: 2 });
    const committee = { seats: [{ hasRevealed: true }] };
    expect(kinds(viewOf({ self, round: { committee } }))).to.deep.equal(["enlisted"]);
    expect(kinds(viewOf({ self, round: { outcome: "settled" } }))).to.deep.equal(["enlisted"]);
  });
  it("is a trainer's bond while an update is sealed, until the end of Disclosure", () => {
    const sealed = { member: { ...member, lastCommitted: 2, lastRevealed: 1 } };
    expect(risksOf(viewOf({ self: sealed }))).to.deep.equal([{ kind: "sealed", amount: 3n, round: 2, until: 99 }]);
    const disclosed = { member: { ...member, lastCommitted: 2, lastRevealed: 2 } };
    expect(kinds(viewOf({ self: disclosed }))).to.deep.equal(["bond"]);
  });
  it("is no bond of a trainer that leaves", () => {
    expect(risksOf(viewOf({ self: { member: { ...member, leaving: 2 } } }))).to.deep.equal([]);
  });
  it("is the initiator's bond on a sealed holdout", () => {
    const initiator = ACCOUNT.toUpperCase().replace("0X", "0x");
    expect(risksOf(viewOf({ initiator }))).to.deep.equal([{ kind: "holdout", amount: 7n }]);
    expect(risksOf(viewOf({ initiator, params: { ...params, holdout: "public" } }))).to.deep.equal([]);
  });
});
