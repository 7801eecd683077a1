import { expect } from "chai";
import { AbiCoder, getAddress, id, Signature, verifyTypedData, Wallet, ZeroHash, type ContractRunner } from "ethers";

import { NO_PERMIT, readPermitToken, signPermit, type PermitTerms } from "@commonweight/sdk/chain/permit";

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
/** The struct of EIP-2612. */
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

  it("is asked of a token by what it says of itself, and of no token that names another chain or contract", async () => {
    const { name, version, chainId, verifyingContract: address } = domain;
    const ask = (token: object) => readPermitToken(tokenThat(token), chainId, address, owner.address);
    const said = { fields: "0x0f", name, version, chainId, verifyingContract: address };
    expect(await ask(said)).to.deep.equal({ domain, nonce: terms.nonce });
    for (const other of [
      { chainId: 1n },
      { verifyingContract: terms.spender },
      { fields: "0x1f" },
      { fields: "0x00" },
    ]) {
      expect(await ask({ ...said, ...other })).to.equal(undefined);
    }
    // A token without the functions returns no data.
    expect(
      await readPermitToken(
        answering(() => "0x"),
        chainId,
        address,
        owner.address,
      ),
    ).to.equal(undefined);
  });

  it("is none where its deadline is 0", () => {
    expect(NO_PERMIT.deadline).to.equal(0n);
  });
});

/** A fake token with this EIP-712 domain and a nonce for the owner. */
function tokenThat(said: object): ContractRunner {
  const { fields, name, version, chainId, verifyingContract } = said as Readonly<Record<string, unknown>>;
  const coder = AbiCoder.defaultAbiCoder();
  const domainTypes = ["bytes1", "string", "string", "uint256", "address", "bytes32", "uint256[]"];
  return answering((data) =>
    data.startsWith(id("eip712Domain()").slice(0, 10))
      ? coder.encode(domainTypes, [fields, name, version, chainId, verifyingContract, ZeroHash, []])
      : coder.encode(["uint256"], [terms.nonce]),
  );
}

function answering(answer: (data: string) => string): ContractRunner {
  return { provider: null, call: ({ data }) => Promise.resolve(answer(data ?? "")) };
}
