// A process with its own Helia store, controlled by its parent over IPC; it exits with the parent.
import { createHash } from "node:crypto";

import { openHeliaPeer } from "./peer.ts";
import { sampleBytes } from "./sample-bytes.ts";

/** A parent's request; the {@link ChildAnswer} to it has the same number. */
export type ChildRequest = { readonly number: number } & (
  | { readonly ask: "add"; readonly seed: string; readonly length: number }
  | { readonly ask: "fetch"; readonly id: string }
  | { readonly ask: "memory" }
  | { readonly ask: "close" }
);

/** An answer; number 0 is sent at the start, with the store's address. `value` is an id, a SHA-256 or an error code. */
export interface ChildAnswer {
  readonly number: number;
  readonly value: string;
}

const TOPIC = "commonweight/31337/0x0000/1";
const [, , folder = "", fetchTimeoutMs, ...bootstrap] = process.argv;
const never = new AbortController().signal;
const store = await openHeliaPeer({ folder, bootstrap, fetchTimeoutMs: Number(fetchTimeoutMs) });
await store.network.meet(TOPIC, never);

async function answer(request: ChildRequest): Promise<string> {
  switch (request.ask) {
    case "add":
      return store.add(sampleBytes(request.seed, request.length));
    case "fetch": {
      const limits = { maxBytes: 64_000_000 };
      return createHash("sha256")
        .update(await store.fetch(request.id, limits, never))
        .digest("hex");
    }
    case "memory":
      return String(process.memoryUsage().rss);
    case "close":
      await store.close();
      return "closed";
  }
}

function send(message: ChildAnswer): void {
  process.send?.(message);
}

process.on("message", (request: ChildRequest) => {
  answer(request).then(
    (value) => send({ number: request.number, value }),
    (error: unknown) => send({ number: request.number, value: String(error) }),
  );
});
process.on("disconnect", () => void store.close());
send({ number: 0, value: store.network.addresses()[0] ?? "" });
