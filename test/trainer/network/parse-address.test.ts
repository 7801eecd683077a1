import { expect } from "chai";

import { CommonweightError } from "@commonweight/sdk/errors";
import { listenError, parseBootstrap, parseListen } from "../../../trainer/network/parse-address.ts";

const PEER = "12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo";
const RSA_PEER = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";

describe("the address of a bootstrap peer", () => {
  for (const text of [
    "",
    "node.example.org",
    "192.0.2.1:4001",
    "/ip4/192.0.2.1/tcp/4001",
    "/ip4/127.0.0.1/tcp/4001/p2p/QmInvalid",
    "/ip4/127.0.0.1/tcp/4001/p2p/12D3KooW",
    `/ip4/127.0.0.1/tcp/4001/p2p/${PEER}x`,
    `/ip4/0.0.0.0/tcp/4001/p2p/${PEER}`,
    `/ip6/::/tcp/4001/p2p/${PEER}`,
    `/ip4/224.0.0.1/tcp/4001/p2p/${PEER}`,
    `/ip4/192.0.2.1/tcp/0/p2p/${PEER}`,
    `/ip4/192.0.2.1/tcp/70000/p2p/${PEER}`,
    `/ip4/192.0.2.1/udp/4001/quic-v1/p2p/${PEER}`,
    `/ip4/192.0.2.1/tcp/4001/ws/p2p/${PEER}`,
    `/ip4/192.0.2.1/tcp/4001/p2p/${RSA_PEER}/p2p/${PEER}`,
    `/ip4/192.0.2.1/tcp/4001/p2p/${RSA_PEER}/p2p-circuit/p2p/${PEER}`,
    `/ip4/192.0.2.1/ip4/192.0.2.2/tcp/4001/p2p/${PEER}`,
    `/ip4/192.0.2.1/tcp/4001/p2p/${PEER},/ip4/192.0.2.2/tcp/4001/p2p/${PEER}`,
    `/p2p/${PEER}`,
    `/dns4/-bad-/tcp/4001/p2p/${PEER}`,
    `/ip4/192.0.2.1/tcp/4001/p2p/${PEER}/${"x".repeat(500)}`,
  ]) {
    it(`is refused as ${text.slice(0, 100) || "nothing"}`, () => {
      const error = failure(() => parseBootstrap(text));
      expect(error.code).to.equal("CONTENT_BOOTSTRAP_INVALID");
      expect(error.message).to.contain(text.slice(0, 100) || "(nothing)");
    });
  }
  for (const host of ["ip4/127.0.0.1", "ip4/192.0.2.1", "ip6/::1", "dns4/node.example.org", "dns/localhost"]) {
    it(`is accepted at /${host}, with spaces around it`, () => {
      const text = `/${host}/tcp/4001/p2p/${PEER}`;
      const { peer, address } = parseBootstrap(` ${text} `);
      expect([peer.toString(), address.toString()]).to.deep.equal([PEER, text]);
    });
  }
});

describe("the address to listen on", () => {
  for (const text of [
    "",
    "0.0.0.0:4001",
    "4001",
    "/tcp/4001",
    "/dns4/localhost/tcp/4001",
    "/ip4/127.0.0.1",
    "/ip4/127.0.0.1/tcp/99999",
    "/ip4/127.0.0.1/tcp/4001/ws",
    "/ip4/127.0.0.1/udp/4001/quic-v1",
    `/ip4/127.0.0.1/tcp/4001/p2p/${PEER}`,
    "/ip4/300.0.0.1/tcp/4001",
    "/ip4/127.0.0.1/tcp/4001,/ip4/127.0.0.1/tcp/4002",
  ]) {
    it(`is refused as ${text || "nothing"}`, () => {
      const error = failure(() => parseListen(text));
      expect(error.code).to.equal("CONTENT_LISTEN_INVALID");
      expect(error.message).to.contain(text || "(nothing)");
      expect(error.hint).to.contain("/ip4/0.0.0.0/tcp/4001");
    });
  }
  it("is accepted with an IP address and a port, 0 for any", () => {
    for (const text of ["/ip4/127.0.0.1/tcp/0", "/ip4/0.0.0.0/tcp/4001", "/ip6/::1/tcp/65535"]) {
      expect(parseListen(` ${text}`).toString()).to.equal(text);
    }
  });
  it("leaves failures of other kinds as they are", () => {
    const error = new Error("out of memory");
    expect(listenError(error, "/ip4/127.0.0.1/tcp/0")).to.equal(error);
  });
});

function failure(run: () => unknown): CommonweightError {
  try {
    run();
  } catch (error) {
    if (error instanceof CommonweightError) return error;
    throw error;
  }
  throw new Error("expected an error");
}
