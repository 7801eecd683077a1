import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";

import { endpointUrl } from "./endpoint-url.ts";
import { isWellFormed } from "./rpc-results.ts";

/** A JSON-RPC error. */
export interface RefusedRequest {
  readonly kind: "refused";
  readonly code: number;
  readonly message: string;
  readonly data: unknown;
}

/** Why an endpoint gave no answer: nothing usable, an error of the node, a redirect, another chain, an old head. */
export type FailureKind = "silent" | "malformed" | "refused" | "moved" | "wrong-chain" | "stale";

export interface Failure {
  readonly kind: "failed";
  readonly what: FailureKind;
  readonly reason: string;
  /** How long the endpoint asked to be left alone. */
  readonly retryAfterMs?: number;
}

/** Result of a request. After `failed`, the request may still have taken effect. */
export type RpcAnswer = { readonly kind: "result"; readonly value: unknown } | RefusedRequest | Failure;

/** A JSON-RPC request without its envelope. */
export interface RpcRequest {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Most bytes of one response. */
const MAX_BYTES = 67_108_864;
/** Most characters of a node's message that are kept. */
const MAX_MESSAGE = 300;

/** One JSON-RPC endpoint over HTTP. Credentials in its URL are sent in a header and never logged. */
export class RpcEndpoint {
  /** Scheme, host and port: safe to log. Paths and queries are omitted, as they often contain an access key. */
  readonly name: string;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  #lastId = 0;

  /** @throws CHAIN_URL_INVALID */
  constructor(url: string) {
    const parsed = endpointUrl(url);
    this.name = parsed.origin;
    this.#headers = { "content-type": "application/json", ...authorisation(parsed) };
    parsed.username = "";
    parsed.password = "";
    this.#url = parsed.href;
  }

  /** Sends one request. Throws only the signal's reason. */
  async ask({ method, params }: RpcRequest, timeoutMs: number, signal: AbortSignal): Promise<RpcAnswer> {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(timeoutMs);
    const id = ++this.#lastId;
    try {
      const response = await this.#post({ jsonrpc: "2.0", id, method, params }, AbortSignal.any([signal, timeout]));
      const text = await textOf(response);
      const { statusCode: status = 0 } = response;
      return httpFailure(status, response.headers) ?? answerOf({ method, params }, id, text, status);
    } catch (cause) {
      signal.throwIfAborted();
      return silent(timeout.aborted ? "timeout" : reasonOf(cause));
    }
  }

  /** Not by `fetch`, whose first use takes 14 MB. */
  #post(body: object, signal: AbortSignal): Promise<IncomingMessage> {
    const send = this.#url.startsWith("https:") ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      const request = send(this.#url, { method: "POST", headers: this.#headers, signal }, resolve);
      request.on("error", reject);
      request.end(JSON.stringify(body));
    });
  }
}

function authorisation(url: URL): Record<string, string> {
  if (url.username === "" && url.password === "") return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** Reads a response up to the limit; `undefined` beyond it. */
async function textOf(response: IncomingMessage): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Cast: Node types the parts of a stream as any; without an encoding they are bytes.
  for await (const part of response as AsyncIterable<Uint8Array>) {
    bytes += part.byteLength;
    if (bytes > MAX_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function httpFailure(status: number, headers: IncomingHttpHeaders): Failure | undefined {
  if (status === 429 || status >= 500) {
    const retryAfterMs = retryAfter(headers["retry-after"]);
    return { ...silent(`HTTP ${status}`), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (status < 300 || status >= 400) return undefined;
  const target = headers.location ?? "";
  const place = URL.canParse(target) ? new URL(target).origin : "another place";
  return { kind: "failed", what: "moved", reason: `HTTP ${status}, moved to ${place}` };
}

/** Parses `Retry-After`, seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function answerOf(request: RpcRequest, id: number, text: string | undefined, status: number): RpcAnswer {
  if (text === undefined) return malformed(`${request.method}: more than ${MAX_BYTES} bytes`);
  const body = parsed(text);
  const has = isRecord(body) ? body : undefined;
  const error = has?.["error"];
  if (has === undefined || (error === undefined && !("result" in has))) {
    return malformed(`HTTP ${status}, not JSON-RPC`);
  }
  // Some gateways leave the number out or give null; another number is the answer to another request.
  const answered = has["id"] ?? id;
  if (String(answered) !== String(id)) return malformed(`${request.method}: an answer to another request`);
  if (isRecord(error)) return refusalOf(error);
  if (error !== undefined && error !== null) return nodeError(String(error));
  const value = has["result"];
  if (status < 400 && isWellFormed(request.method, request.params, value)) return { kind: "result", value };
  return malformed(`${request.method}: ${String(JSON.stringify(value)).slice(0, 100)}`);
}

function refusalOf(error: Record<string, unknown>): RefusedRequest {
  const message = typeof error["message"] === "string" ? error["message"] : "no message";
  return {
    kind: "refused",
    code: Number(error["code"]),
    message: message.slice(0, MAX_MESSAGE),
    data: error["data"],
  };
}

function silent(reason: string): Failure {
  return { kind: "failed", what: "silent", reason };
}

function malformed(reason: string): Failure {
  return { kind: "failed", what: "malformed", reason };
}

function nodeError(message: string): Failure {
  return { kind: "failed", what: "refused", reason: message.slice(0, MAX_MESSAGE) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The caller reports it: not JSON-RPC.
  }
}

/** The system's error code, if there is one. */
function reasonOf(error: unknown): string {
  if (isRecord(error) && typeof error["code"] === "string") return error["code"];
  return error instanceof Error ? error.name : "unknown";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
