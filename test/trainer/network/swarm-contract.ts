import { expect } from "chai";

import { MAX_TOPIC_MESSAGE_BYTES, type Swarm, type TopicMessage, type Verdict } from "../../../trainer/network/port.ts";

/** Opens another node, which knows the nodes at the given addresses. The suite closes all nodes. */
export type OpenSwarm = (bootstrap: readonly string[]) => Promise<Swarm>;

const MEETING = "commonweight/31337/0x0000/1";
const TOPIC = "commonweight/test";
/** Time without messages, longer than a message takes. */
const QUIET_MS = 1_000;
const REPEAT_MS = 200;

const never = new AbortController().signal;

/** Tests for adapters that relay only what their subscriber accepts. */
export function relayContract(name: string, open: OpenSwarm): void {
  describe(`relay contract: ${name}`, function () {
    this.timeout(20_000);
    const openSwarm = swarmsOf(open);

    for (const verdict of ["ignore", "reject"] as const) {
      it(`does not relay a message on which the verdict is "${verdict}"`, async () => {
        const hub = await openSwarm();
        const [author, reader] = [await openSwarm(hub), await openSwarm(hub)];
        const control = await hear(hub, `${TOPIC}/control`, "accept");
        const relayed = await hear(reader, `${TOPIC}/control`, "accept");
        const judged = await hear(hub, TOPIC, verdict);
        const heard = await hear(reader, TOPIC, "accept");
        await publishUntilHeard(author, `${TOPIC}/control`, relayed);
        expect(control).to.have.length.above(0);
        await publishUntilHeard(author, TOPIC, judged);
        await sleep(QUIET_MS);
        expect(heard).to.deep.equal([]);
      });
    }
  });
}

/** Tests for every adapter of the network port. */
export function swarmContract(name: string, open: OpenSwarm): void {
  describe(`network contract: ${name}`, function () {
    this.timeout(20_000);
    const openSwarm = swarmsOf(open);

    async function expectCode(promise: Promise<unknown>, code: string): Promise<void> {
      expect(await failureOf(promise))
        .to.be.an("error")
        .with.property("code", code);
    }

    it("is reached at addresses that name its peer id", async () => {
      const [a, b] = [await openSwarm(), await openSwarm()];
      expect(a.addresses()).to.have.length.above(0);
      for (const address of [...a.addresses(), ...b.addresses()]) expect(address).to.match(/\/p2p\/[A-Za-z0-9]+$/u);
      expect(peerOf(a)).to.not.equal(peerOf(b));
    });

    it("carries messages, with their author, to the other subscribers of the topic alone", async () => {
      const author = await openSwarm();
      const reader = await openSwarm(author);
      const heard = await hear(reader, TOPIC, "accept");
      const elsewhere = await hear(reader, `${TOPIC}/other`, "accept");
      const own = await hear(author, TOPIC, "accept");
      await publishUntilHeard(author, TOPIC, heard);
      expect(heard[0]?.from).to.equal(peerOf(author));
      expect(Buffer.from(heard[0]?.bytes ?? []).toString()).to.match(/^message \d+$/u);
      await sleep(QUIET_MS);
      expect(own).to.deep.equal([]);
      expect(elsewhere).to.deep.equal([]);
    });

    it("relays what a subscriber accepts, still with its author", async () => {
      const hub = await openSwarm();
      const [author, reader] = [await openSwarm(hub), await openSwarm(hub)];
      await hear(hub, TOPIC, "accept");
      const heard = await hear(reader, TOPIC, "accept");
      await publishUntilHeard(author, TOPIC, heard);
      expect(heard[0]?.from).to.equal(peerOf(author));
    });

    it("hears nothing more once the signal has aborted, and can subscribe again", async () => {
      const author = await openSwarm();
      const reader = await openSwarm(author);
      const stop = new AbortController();
      const first = await hear(reader, TOPIC, "accept", stop.signal);
      expect(await failureOf(reader.subscribe(TOPIC, () => "accept", never))).to.be.an("error");
      await publishUntilHeard(author, TOPIC, first);
      stop.abort();
      const { length } = first;
      const second = await hear(reader, TOPIC, "accept");
      await publishUntilHeard(author, TOPIC, second);
      expect(first).to.have.length(length);
    });

    it("refuses to publish a message that is too long, and takes the longest", async () => {
      const author = await openSwarm();
      const reader = await openSwarm(author);
      const heard = await hear(reader, TOPIC, "accept");
      await publishUntilHeard(author, TOPIC, heard);
      heard.length = 0;
      expect(await failureOf(author.publish(TOPIC, new Uint8Array(MAX_TOPIC_MESSAGE_BYTES + 1)))).to.be.an("error");
      await author.publish(TOPIC, new Uint8Array(MAX_TOPIC_MESSAGE_BYTES));
      while (heard.length === 0) await sleep(REPEAT_MS);
      expect(heard[0]?.bytes).to.have.length(MAX_TOPIC_MESSAGE_BYTES);
    });

    it("brings workers together that know only one of them, so that they outlive it", async () => {
      const hub = await openSwarm();
      const [a, b] = [await openSwarm(hub), await openSwarm(hub)];
      await Promise.all([hub, a, b].map((swarm) => swarm.meet(MEETING, never)));
      const heard = await hear(b, TOPIC, "accept");
      await hear(hub, TOPIC, "accept");
      await publishUntilHeard(a, TOPIC, heard);
      await sleep(QUIET_MS);
      await hub.close();
      heard.length = 0;
      await publishUntilHeard(a, TOPIC, heard);
      expect(heard[0]?.from).to.equal(peerOf(a));
    });

    it("leaves a topic when the signal aborts, and can join it again", async () => {
      const swarm = await openSwarm();
      const stop = new AbortController();
      await swarm.meet(MEETING, stop.signal);
      expect(await failureOf(swarm.meet(MEETING, never))).to.be.an("error");
      stop.abort();
      await swarm.meet(MEETING, never);
    });

    it("refuses everything once it is closed", async () => {
      const swarm = await openSwarm();
      await swarm.close();
      await swarm.close();
      await expectCode(swarm.publish(TOPIC, new Uint8Array(1)), "NETWORK_CLOSED");
      await expectCode(
        swarm.subscribe(TOPIC, () => "accept", never),
        "NETWORK_CLOSED",
      );
      await expectCode(swarm.meet(MEETING, never), "NETWORK_CLOSED");
    });
  });
}

/** Opens swarms that know the given ones, and closes all after each test. Call inside `describe`. */
function swarmsOf(open: OpenSwarm): (...bootstrap: readonly Swarm[]) => Promise<Swarm> {
  const swarms: Swarm[] = [];
  afterEach(async () => {
    await Promise.all(swarms.splice(0).map((swarm) => swarm.close()));
  });
  return async (...bootstrap) => {
    const swarm = await open(bootstrap.flatMap((peer) => peer.addresses()));
    swarms.push(swarm);
    return swarm;
  };
}

/** Subscribes with one verdict for all messages; returns the list of messages as they arrive. */
async function hear(swarm: Swarm, topic: string, verdict: Verdict, signal = never): Promise<TopicMessage[]> {
  const heard: TopicMessage[] = [];
  const judge = (message: TopicMessage): Verdict => {
    heard.push(message);
    return verdict;
  };
  await swarm.subscribe(topic, judge, signal);
  return heard;
}

/** Publishes different bytes repeatedly until a message is heard, because peers need time to connect. */
async function publishUntilHeard(swarm: Swarm, topic: string, heard: readonly unknown[]): Promise<void> {
  for (let count = 0; heard.length === 0; count++) {
    await swarm.publish(topic, Buffer.from(`message ${count}`));
    await sleep(REPEAT_MS);
  }
}

function peerOf(swarm: Swarm): string | undefined {
  return swarm.addresses()[0]?.split("/p2p/")[1];
}

function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
