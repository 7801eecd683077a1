import { createHmac } from "node:crypto";

import { expect } from "chai";
import { AbiCoder, Wallet } from "ethers";

import { saltOf, type SaltContext } from "@commonweight/sdk/protocol/salts";

const key = `0x${"11".repeat(32)}`;
const market = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const context: SaltContext = { chainId: 1n, contract: market, jobId: 2n, round: 3, attempt: 1, role: "validator" };

describe("saltOf", () => {
  it("is the same on every machine: HMAC-SHA256 under the account's key", () => {
    const types = ["string", "uint256", "address", "uint256", "uint256", "uint256", "string"];
    const values = ["Commonweight salt, version 1", 1n, market, 2n, 3, 1, "validator"];
    const message = AbiCoder.defaultAbiCoder().encode(types, values);
    const hmac = createHmac("sha256", Buffer.from(key.slice(2), "hex"))
      .update(message.slice(2), "hex")
      .digest("hex");
    expect(saltOf(key, context)).to.equal(`0x${hmac}`);
    expect(saltOf(key, { ...context, contract: market.toLowerCase() })).to.equal(`0x${hmac}`);
  });

  it("differs with the key and with everything that a commitment is bound to", () => {
    const salts = [
      saltOf(key, context),
      saltOf(Wallet.createRandom().privateKey, context),
      saltOf(key, { ...context, chainId: 9n }),
      saltOf(key, { ...context, contract: `0x${"12".repeat(20)}` }),
      saltOf(key, { ...context, jobId: 9n }),
      saltOf(key, { ...context, round: 9 }),
      saltOf(key, { ...context, attempt: 2 }),
      saltOf(key, { ...context, role: "trainer" }),
    ];
    expect(new Set(salts).size).to.equal(salts.length);
  });
});
