import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** What the proxy answers instead of the daemon's own answer. */
export type Lie =
  /** Another body, with status 200. */
  | { readonly kind: "body"; readonly body: Uint8Array }
  /** Bytes without an end. */
  | { readonly kind: "endless"; readonly status: number }
  /** The daemon's answer without its last byte, as if it were whole. */
  | { readonly kind: "truncated" }
  /** The daemon's answer with one bit changed. */
  | { readonly kind: "corrupt" }
  /** The beginning of the daemon's answer, and then nothing. */
  | { readonly kind: "stalled" }
  /** The beginning of the daemon's answer, and then the connection breaks. */
  | { readonly kind: "broken" };

/** A proxy on loopback between a worker and a Kubo daemon. */
export interface KuboProxy {
  readonly url: string;
  /** Chooses a lie by the command, such as `block/get`; `undefined` passes the daemon's answer on. */
  lie: (command: string) => Lie | undefined;
  /** Bytes of endless answers that the worker took. */
  readonly endlessBytes: () => number;
  stop(): Promise<void>;
}

const CHUNK = new Uint8Array(65_536).fill(120);

/** Starts a proxy in front of a daemon's RPC. */
export async function startKuboProxy(target: string): Promise<KuboProxy> {
  let endless = 0;
  const server = createServer((incoming, outgoing) => {
    outgoing.on("error", () => {}); // The worker hangs up on a lie.
    void answer(incoming, outgoing).catch(() => outgoing.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: KuboProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lie: () => undefined,
    endlessBytes: () => endless,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const command = new URL(incoming.url ?? "/", target).pathname.replace("/api/v0/", "");
    const lie = proxy.lie(command);
    if (lie?.kind === "endless") return pour(outgoing, lie.status);
    const real = await forward(target, incoming);
    outgoing.writeHead(real.statusCode ?? 500, { "content-type": real.headers["content-type"] ?? "text/plain" });
    outgoing.flushHeaders(); // A subscription has headers long before its first message.
    if (lie === undefined) return pipeline(real, outgoing);
    tell(lie, Buffer.concat(await real.toArray()), outgoing);
  }

  async function pour(outgoing: ServerResponse, status: number): Promise<void> {
    outgoing.writeHead(status);
    const chunks = function* () {
      for (; ; endless += CHUNK.length) yield CHUNK;
    };
    await pipeline(Readable.from(chunks()), outgoing);
  }

  return proxy;
}

function tell(lie: Exclude<Lie, { kind: "endless" }>, bytes: Buffer, outgoing: ServerResponse): void {
  switch (lie.kind) {
    case "body":
      outgoing.end(lie.body);
      return;
    case "truncated":
      outgoing.end(bytes.subarray(0, -1));
      return;
    case "corrupt":
      outgoing.end(Buffer.from(bytes).fill((bytes[0] ?? 0) ^ 1, 0, 1));
      return;
    case "stalled":
      outgoing.write(bytes.subarray(0, 1));
      return;
    case "broken":
      outgoing.write(bytes.subarray(0, 1), () => outgoing.destroy());
  }
}

async function forward(target: string, incoming: IncomingMessage): Promise<IncomingMessage> {
  const { host: _host, ...headers } = incoming.headers;
  const outgoing = request(new URL(incoming.url ?? "/", target), { method: "POST", headers });
  incoming.pipe(outgoing);
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  return response;
}
