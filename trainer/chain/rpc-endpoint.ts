/** Result of a request. After `failed`, the request may still have taken effect. */
export type RpcAnswer =
  | { readonly kind: "result"; readonly value: unknown }
  | { readonly kind: "refused"; readonly code: number; readonly message: string; readonly data: unknown }
  | { readonly kind: "failed"; readonly reason: string };

/** A JSON-RPC request without its envelope. */
export interface RpcRequest {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** JSON-RPC error codes of a busy node; the request itself is valid. */
const BUSY_CODES: ReadonlySet<number> = new Set([-32_005, -32_097]);

/** One JSON-RPC endpoint over HTTP. Credentials in its URL are sent in a header and never logged. */
export class RpcEndpoint {
  /** Scheme, host and port: safe to log. Paths and queries are omitted, as they often contain an access key. */
  readonly name: string;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #timeoutMs: number;

  /** Throws a `TypeError` if `url` is not a URL. */
  constructor(url: string, timeoutMs: number) {
    const parsed = new URL(url);
    this.name = parsed.origin;
    this.#headers = { "content-type": "application/json", ...authorisation(parsed) };
    parsed.username = "";
    parsed.password = "";
    this.#url = parsed.href;
    this.#timeoutMs = timeoutMs;
  }

  /** Sends one request. Throws only the signal's reason. */
  async ask(request: RpcRequest, signal: AbortSignal): Promise<RpcAnswer> {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: this.#headers,
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...request }),
        signal: AbortSignal.any([signal, timeout]),
      });
      return answerOf(response.status, await response.text());
    } catch (cause) {
      signal.throwIfAborted();
      return { kind: "failed", reason: timeout.aborted ? "timeout" : reasonOf(cause) };
    }
  }
}

function authorisation(url: URL): Record<string, string> {
  if (url.username === "" && url.password === "") return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

function answerOf(status: number, text: string): RpcAnswer {
  if (status === 429 || status >= 500) return { kind: "failed", reason: `HTTP ${status}` };
  const body = parsed(text);
  if (!isRecord(body)) return { kind: "failed", reason: `HTTP ${status}, not JSON-RPC` };
  if (isRecord(body["error"])) return refusalOf(body["error"]);
  if ("result" in body) return { kind: "result", value: body["result"] };
  return { kind: "failed", reason: `HTTP ${status}, not JSON-RPC` };
}

function refusalOf(error: Record<string, unknown>): RpcAnswer {
  const code = Number(error["code"]);
  const message = String(error["message"]);
  if (BUSY_CODES.has(code)) return { kind: "failed", reason: message };
  return { kind: "refused", code, message, data: error["data"] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The caller reports it: not JSON-RPC.
  }
}

/** `fetch` reports only "fetch failed"; the system's error code is in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (isRecord(cause) && typeof cause["code"] === "string") return cause["code"];
  return cause instanceof Error ? cause.name : "unknown";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
