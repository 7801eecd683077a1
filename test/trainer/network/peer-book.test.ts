import { multiaddr } from "@multiformats/multiaddr";
import { expect } from "chai";

import { PeerBook } from "../../../trainer/network/peer-book.ts";

const HERE = multiaddr("/ip4/192.0.2.1/tcp/4001");
const THERE = multiaddr("/ip4/192.0.2.1/tcp/4002");

describe("peer book", () => {
  let book: PeerBook;
  beforeEach(() => {
    book = new PeerBook();
  });

  it("takes no more strangers when it is full, but news of those it knows", () => {
    for (let i = 0; i < 200; i++) book.announce(`peer ${i}`, [HERE]);
    expect(book.due(0)).to.have.length(128);
    expect(book.announce("peer 0", [THERE])).to.equal(true);
    expect(book.announce("peer 0", [THERE])).to.equal(false);
    expect(book.announce("peer 199", [HERE])).to.equal(false);
  });

  it("waits longer after each vain attempt, half a minute at most, and not at all after a connection", () => {
    book.configure("hub", HERE);
    const waits = Array.from({ length: 20 }, (_, i) => {
      book.failed("hub", 0);
      expect(book.due(400 * Math.min(2 ** i, 30))).to.deep.equal([]);
      return book.due(30_000).length;
    });
    expect(waits).to.deep.equal(Array(20).fill(1));
    book.connected("hub");
    expect(book.due(0)).to.have.length(1);
  });

  it("forgets a stranger that stays away, and never a configured peer", () => {
    book.configure("hub", HERE);
    book.announce("stranger", [HERE]);
    for (let i = 0; i < 12; i++) for (const peer of ["hub", "stranger"]) book.failed(peer, 0);
    expect(book.due(60_000).map(({ peer }) => peer)).to.deep.equal(["hub"]);
  });

  it("tries a new address at once, and before the configured one", () => {
    book.configure("hub", HERE);
    book.failed("hub", 0);
    book.announce("hub", [THERE]);
    expect(book.due(0)).to.deep.equal([{ peer: "hub", addresses: [THERE, HERE] }]);
  });
});
