import { expect } from "chai";

import { promisesOf } from "../../../scripts/demo/report-promises.ts";
import { demoReport } from "../../../scripts/demo/report-schema.ts";

type Sample = ReturnType<typeof sampleReport>;

const address = (number: number) => `0x${number.toString(16).padStart(40, "0")}`;
const digest = (number: number) => `0x${number.toString(16).padStart(64, "0")}`;

/** A report that keeps every promise: three trainers, two validators, two rounds. */
function sampleReport() {
  const update = (trainer: number, pay: string) => ({
    trainer: address(trainer),
    scoreBps: 100,
    trustBps: 0,
    pay,
    verdict: "adds to the model",
  });
  const round = (number: number, pay: string) => ({
    round: number,
    modelVersion: number,
    digest: digest(number),
    modelCid: `bafy${number}`,
    accuracyBps: 8_000 + number,
    attesters: 2,
    updates: [update(2, pay), update(3, "0"), update(4, "0")],
  });
  const account = (
    number: number,
    role: string,
    behaviour: string,
    earned: string,
    slashed: string,
    withdrawn: string,
  ) => ({
    name: `${role}-${number}`,
    address: address(number),
    role,
    behaviour,
    earned,
    slashed,
    withdrawn,
  });
  return {
    job: {},
    engine: "wasm",
    content: "helia",
    chain: "hardhat",
    wallSeconds: 60,
    installSeconds: 0,
    overheadShare: 0.2,
    rounds: [round(1, "600"), round(2, "200")],
    accounts: [
      account(1, "initiator", "honest", "0", "0", "100"),
      account(2, "trainer", "honest", "800", "0", "810"),
      account(3, "trainer", "noise", "0", "0", "10"),
      account(4, "trainer", "replay", "0", "0", "10"),
      account(5, "validator", "honest", "100", "0", "110"),
      account(6, "validator", "liar", "0", "5", "5"),
    ],
    money: { funded: "1000", paidTrainers: "800", paidValidators: "100", burned: "5", refunded: "100", left: "0" },
  };
}

function broken(change: (report: Sample) => void, honest = false): readonly string[] {
  const report = sampleReport();
  change(report);
  return promisesOf(demoReport.parse(report), honest)
    .filter(({ holds }) => !holds)
    .map(({ text }) => text);
}

describe("the demo's promises", () => {
  it("hold for a report that keeps them", () => expect(broken(() => {})).to.deep.equal([]));

  const faults: readonly (readonly [string, string, (report: Sample) => void])[] = [
    ["money that does not add up", "funded = paid", ({ money }) => (money.refunded = "99")],
    ["money left over", "nothing is left", ({ money }) => (money.left = "1")],
    ["pay that no account earned", "the trainers' accounts", ({ accounts }) => (accounts[1]!.earned = "700")],
    ["pay that no update has", "the updates' pay", ({ rounds }) => (rounds[0]!.updates[0]!.pay = "599")],
    ["burned money that nobody lost", "the accounts' losses", ({ money }) => (money.burned = "6")],
    ["earned money not withdrawn", "everyone withdrew", ({ accounts }) => (accounts[4]!.withdrawn = "99")],
    ["a refund not withdrawn", "the initiator withdrew", ({ accounts }) => (accounts[0]!.withdrawn = "99")],
    ["an honest validator slashed", "no honest account", ({ accounts }) => (accounts[4]!.slashed = "1")],
    ["paid noise", "noise earns", ({ accounts }) => (accounts[2]!.earned = "16")],
    ["a missing replay", "replay earns", ({ accounts }) => (accounts[3]!.behaviour = "honest")],
    ["a liar that keeps its stake", "the liar", ({ accounts }) => (accounts[5]!.slashed = "0")],
    ["a model twice", "every model version", ({ rounds }) => (rounds[1]!.digest = digest(1))],
    ["a round without accuracy", "every round has an acc", ({ rounds }) => (rounds[1]!.accuracyBps = 0)],
    ["a round that nobody attested", "every round has att", ({ rounds }) => (rounds[1]!.attesters = 0)],
    ["a stranger's update", "every update is", ({ rounds }) => (rounds[0]!.updates[1]!.trainer = address(99))],
  ];
  for (const [fault, promise, plant] of faults) {
    it(`break on ${fault}`, () => expect(broken(plant).some((text) => text.startsWith(promise))).to.equal(true));
  }

  it("ask nothing of adversaries where all are honest", () => {
    const accountsOnly = ({ accounts, money }: Sample) => {
      for (const account of accounts) account.behaviour = "honest";
      accounts[5]!.slashed = "0";
      money.burned = "0";
    };
    expect(broken(accountsOnly, true)).to.deep.equal([]);
    expect(broken(accountsOnly, false)).to.have.length(3);
  });
  it("refuse amounts that are numbers, and keys that nobody knows", () => {
    expect(demoReport.safeParse({ ...sampleReport(), wallSeconds: "60" }).success).to.equal(false);
    expect(demoReport.safeParse({ ...sampleReport(), more: 1 }).success).to.equal(false);
  });
});
