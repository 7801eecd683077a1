import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request on its way to the node. */
export interface ProxiedRequest {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What the proxy does with a request; `lose` forwards it and drops the response. */
export type Mishap =
  | { readonly kind: "forward"; readonly delayMs?: number; readonly before?: () => Promise<void> }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "answer"; readonly result: unknown }
  | { readonly kind: "refuse"; readonly message: string; readonly code?: number; readonly data?: unknown }
  /** Any HTTP response. */
  | {
      readonly kind: "raw";
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The node's answer with changes to its envelope or its result. */
  | { readonly kind: "change"; readonly change: (answer: JsonRpcAnswer) => unknown }
  | { readonly kind: "drop" }
  | { readonly kind: "lose" }
  /** Never answers; with `begins`, after the first bytes of a response. */
  | { readonly kind: "hang"; readonly begins?: string };

/** The node's answer with its envelope. */
export type JsonRpcAnswer = Readonly<Record<string, unknown>>;

/** Decides about each request; the default forwards everything. */
export type Chaos = (request: ProxiedRequest) => Mishap;

export interface ChaosProxy {
  readonly url: string;
  chaos: Chaos;
  /** Methods requested so far. */
  readonly seen: string[];
  stop(): Promise<void>;
}

/** Starts a proxy in front of a JSON-RPC node, on a free loopback port. */
export async function startChaosProxy(target: string, chaos: Chaos = () => ({ kind: "forward" })): Promise<ChaosProxy> {
  const seen: string[] = [];
  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing).catch((error: unknown) =>
      outgoing.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: ChaosProxy = { url: `http://127.0.0.1:${port}`, chaos, seen, stop };

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray()).toString();
    const request = JSON.parse(body) as ProxiedRequest & { id: number };
    seen.push(request.method);
    await suffer(proxy.chaos(request), { id: request.id, body, target, outgoing });
  }

  function stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    return closed;
  }

  return proxy;
}

interface Exchange {
  readonly id: number;
  readonly body: string;
  readonly target: string;
  readonly outgoing: ServerResponse;
}

async function suffer(mishap: Mishap, { id, body, target, outgoing }: Exchange): Promise<void> {
  switch (mishap.kind) {
    case "hang":
      if (mishap.begins !== undefined) outgoing.write(mishap.begins);
      return;
    case "drop":
      outgoing.destroy();
      return;
    case "lose":
      await forward(target, body);
      outgoing.destroy();
      return;
    case "status":
      // The body is a revert, which is final; only the HTTP status tells a client to try another endpoint.
      outgoing.writeHead(mishap.status).end(refusal(id, "execution reverted"));
      return;
    case "answer":
      outgoing.end(JSON.stringify({ jsonrpc: "2.0", id, result: mishap.result }));
      return;
    case "refuse":
      outgoing.end(refusal(id, mishap.message, mishap.code, mishap.data));
      return;
    case "raw":
      outgoing.writeHead(mishap.status, mishap.headers).end(mishap.body);
      return;
    case "change": {
      const changed = mishap.change(JSON.parse(await forward(target, body)) as JsonRpcAnswer);
      outgoing.end(typeof changed === "string" ? changed : JSON.stringify(changed));
      return;
    }
    case "forward":
      await mishap.before?.();
      if (mishap.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, mishap.delayMs));
      outgoing.end(await forward(target, body));
  }
}

function refusal(id: number, message: string, code = -32_000, data?: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code, message, data } });
}

async function forward(target: string, body: string): Promise<string> {
  const response = await fetch(target, { method: "POST", headers: { "content-type": "application/json" }, body });
  return response.text();
}
