import { expect } from "chai";

import { parseDeployment, serialiseDeployment, type Deployment } from "@commonweight/sdk/chain/deployment";

const address = (digit: string) => `0x${digit.repeat(40)}`;
const deployment: Deployment = {
  network: "local",
  chainId: 31_337n,
  block: 2,
  transaction: `0x${"ab".repeat(32)}`,
  market: address("1"),
  lifecycle: address("8"),
  rounds: address("2"),
  book: address("3"),
  trust: address("4"),
  committees: address("9"),
  panel: address("5"),
  registry: address("6"),
  wrappedNative: address("7"),
  thawPeriod: 60,
  confirmations: 12,
};
const invalid = { code: "DEPLOYMENT_INVALID" };

describe("parseDeployment", () => {
  function refused(change: Record<string, unknown>) {
    const text = JSON.stringify({ ...JSON.parse(serialiseDeployment(deployment)), ...change });
    return expect(() => parseDeployment(text, "local.json"));
  }

  it("refuses what is not JSON", () => {
    expect(() => parseDeployment("{", "local.json"))
      .to.throw()
      .that.includes(invalid);
  });

  it("refuses a wrong address, chain, hash, network or key", () => {
    refused({ market: "0x12" }).to.throw().that.includes(invalid);
    refused({ trust: undefined }).to.throw().that.includes(invalid);
    refused({ chainId: 0 }).to.throw().that.includes(invalid);
    refused({ transaction: "0x" }).to.throw().that.includes(invalid);
    for (const confirmations of [undefined, 0, 1.5, 1_001, "12"])
      refused({ confirmations }).to.throw().that.includes(invalid);
    refused({ network: "../local" }).to.throw().that.includes(invalid);
    refused({ owner: address("8") })
      .to.throw()
      .that.includes(invalid);
  });

  it("reads a file that begins with a byte order mark", () => {
    expect(parseDeployment(`\uFEFF${serialiseDeployment(deployment)}`, "local.json")).to.deep.equal(deployment);
  });
  it("reads what was written", () => {
    expect(parseDeployment(serialiseDeployment(deployment), "local.json")).to.deep.equal(deployment);
  });
});
