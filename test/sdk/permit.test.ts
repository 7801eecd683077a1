import { expect } from "chai";
import { getAddress, id, Signature, verifyTypedData, Wallet } from "ethers";

import { NO_PERMIT, signPermit, type PermitTerms } from "../../sdk/permit.ts";

const owner = new Wallet(id("owner"));
const domain = {
  name: "Token",
  version: "1",
  chainId: 31_337n,
  verifyingContract: getAddress(`0x${"12".repeat(20)}`),
};
const terms: PermitTerms = {
  owner: owner.address,
  spender: getAddress(`0x${"34".repeat(20)}`),
  value: 2n ** 120n,
  nonce: 7n,
  deadline: 2_000_000_000n,
};
/** EIP-2612's struct, as its text writes it. */
const types = {
  Permit: ["address owner", "address spender", "uint256 value", "uint256 nonce", "uint256 deadline"].map((member) => {
    const [type = "", name = ""] = member.split(" ");
    return { name, type };
  }),
};

describe("a permit", () => {
  it("is its owner's signature of EIP-2612's struct", async () => {
    const { deadline, v, r, s } = await signPermit(owner, domain, terms);
    expect(deadline).to.equal(terms.deadline);
    expect([27, 28]).to.include(v);
    expect(verifyTypedData(domain, types, terms, Signature.from({ v, r, s }))).to.equal(owner.address);
  });

  it("holds for its token, chain, spender, amount, nonce and deadline, and no other", async () => {
    const signature = Signature.from(await signPermit(owner, domain, terms));
    const others: [typeof domain, PermitTerms][] = [
      [{ ...domain, verifyingContract: terms.spender }, terms],
      [{ ...domain, chainId: 1n }, terms],
      [domain, { ...terms, spender: domain.verifyingContract }],
      [domain, { ...terms, value: terms.value + 1n }],
      [domain, { ...terms, nonce: 8n }],
      [domain, { ...terms, deadline: terms.deadline + 1n }],
    ];
    for (const [place, other] of others) {
      expect(verifyTypedData(place, types, other, signature)).not.to.equal(owner.address);
    }
  });

  it("is none where its deadline is 0", () => {
    expect(NO_PERMIT.deadline).to.equal(0n);
  });
});
