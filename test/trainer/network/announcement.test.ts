import { generateKeyPair } from "@libp2p/crypto/keys";
import type { PeerId } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { expect } from "chai";
import fc from "fast-check";

import { encodeAnnouncement, parseAnnouncement } from "../../../trainer/network/announcement.ts";

describe("announcements of strangers", () => {
  let signer: PeerId;
  let other: PeerId;
  before(async () => {
    [signer, other] = await Promise.all([makePeer(), makePeer()]);
  });

  const parse = (...addresses: readonly string[]) => parseAnnouncement(encodeAnnouncement(addresses), signer);

  it("refuses an address of another peer than the signer, and one without a peer", () => {
    expect(parse(`/ip4/192.0.2.1/tcp/4001/p2p/${other}`)).to.equal(undefined);
    expect(parse("/ip4/192.0.2.1/tcp/4001")).to.equal(undefined);
    expect(parse(`/ip4/192.0.2.1/tcp/4001/p2p/${signer}`, `/ip4/192.0.2.1/tcp/4001/p2p/${other}`)).to.equal(undefined);
  });

  it("refuses unreachable hosts, and protocols other than TCP", () => {
    const places = [
      "ip4/0.0.0.0/tcp/1",
      "ip4/169.254.169.254/tcp/80",
      "ip4/224.0.0.1/tcp/1",
      "ip4/255.255.255.255/tcp/1",
      "ip6/::/tcp/1",
      "ip6/fe80::1/tcp/1",
      "ip6/ff02::1/tcp/1",
      "ip6/::ffff:169.254.169.254/tcp/80",
      "ip4/192.0.2.1/tcp/0",
      "ip4/192.0.2.1/udp/4001/quic-v1",
      "ip4/192.0.2.1/tcp/4001/ws",
      "dns4/-bad.example/tcp/1",
      "dnsaddr/example.org/tcp/1",
      `ip4/192.0.2.1/tcp/4001/p2p/${other}/p2p-circuit`,
    ];
    for (const place of places) expect(parse(`/${place}/p2p/${signer}`), place).to.equal(undefined);
  });

  it("refuses messages that are long, or of another shape", () => {
    const address = `/ip4/192.0.2.1/tcp/4001/p2p/${signer}`;
    const shapes: readonly unknown[] = [
      null,
      [],
      { v: 2, addresses: [address] },
      { v: 1, addresses: [] },
      { v: 1, addresses: [address], extra: 1 },
      { v: 1, addresses: Array(9).fill(address) },
      { v: 1, addresses: [`${address}${" ".repeat(300)}`] },
    ];
    for (const shape of shapes) {
      expect(parseAnnouncement(Buffer.from(JSON.stringify(shape)), signer), JSON.stringify(shape)).to.equal(undefined);
    }
    expect(parseAnnouncement(Buffer.from(" ".repeat(3_000) + "{}"), signer)).to.equal(undefined);
  });

  it("never throws, whatever comes", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => parseAnnouncement(bytes, signer) === undefined));
    fc.assert(fc.property(fc.string(), (text) => parse(text) === undefined));
  });

  it("takes TCP addresses by number or name that end in the signer", () => {
    for (const host of ["ip4/127.0.0.1", "ip4/10.1.2.3", "ip6/2001:db8::1", "ip6/::1", "dns4/node.example.org"]) {
      const address = `/${host}/tcp/4001/p2p/${signer}`;
      expect(parse(address)?.map(String)).to.deep.equal([address]);
    }
  });
});

async function makePeer(): Promise<PeerId> {
  return peerIdFromPrivateKey(await generateKeyPair("Ed25519"));
}
