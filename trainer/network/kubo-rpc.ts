import { create, type KuboRPCClient } from "kubo-rpc-client";

import { CommonweightError } from "@commonweight/sdk/errors";
import { daemonDown, daemonFaulty, daemonRefused, daemonUnfit } from "./kubo-errors.ts";

/** Guards against a daemon that hangs. */
const CALL_TIMEOUT_MS = 10_000;
const PROBE_TIMEOUT_MS = 2_000;
const MAX_REASON_BYTES = 4_096;
const MAX_REASON_LENGTH = 300;

/** Runs one method of the client with a signal that ends it. */
export type Run<Result> = (client: KuboRPCClient, options: { readonly signal: AbortSignal }) => Promise<Result>;

/** The repeatable arguments and the options of a command, as in Kubo's RPC documentation. */
export type CommandArguments = readonly [name: string, value: string][];

/**
 * The RPC of a Kubo daemon, which is not trusted: every call ends within a time limit, and its errors have codes.
 *
 * Errors of all calls: `CONTENT_DAEMON_DOWN` no answer in time · `CONTENT_DAEMON_REFUSED` the daemon answered with an
 * error · `CONTENT_DAEMON_FAULTY` the answer does not parse · `CONTENT_DAEMON_UNFIT` the address or the daemon's
 * settings do not allow the call · the reason of the given signal.
 */
export class KuboRpc {
  /** The daemon's address, without a path. */
  readonly url: string;
  readonly #client: KuboRPCClient;

  /** @param url `http` or `https`, without credentials */
  constructor(url: string) {
    this.url = new URL(url).origin;
    this.#client = create({ url: this.url });
  }

  /** Calls a method of kubo-rpc-client. For answers of a few hundred bytes: the client reads them without a limit. */
  async call<Result>(name: string, run: Run<Result>, signal?: AbortSignal, timeoutMs = CALL_TIMEOUT_MS) {
    const ended = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
    try {
      return await run(this.#client, { signal: ended });
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      throw this.#failure(name, error);
    }
  }

  /** Whether the daemon answers within two seconds. */
  async isAnswering(): Promise<boolean> {
    try {
      await this.call("version", (client, options) => client.version(options), undefined, PROBE_TIMEOUT_MS);
      return true;
    } catch (error) {
      if (error instanceof CommonweightError) return error.code !== "CONTENT_DAEMON_DOWN";
      throw error;
    }
  }

  /**
   * Starts a command whose answer is read chunk by chunk until `signal` aborts; kubo-rpc-client collects blocks without
   * a limit, and reports neither the end of a subscription nor lines without an end.
   *
   * @param headersMs time limit until the answer begins
   */
  async stream(
    command: string,
    commandArguments: CommandArguments,
    signal: AbortSignal,
    headersMs?: number,
  ): Promise<AsyncIterable<Uint8Array>> {
    signal.throwIfAborted();
    const late = new AbortController();
    const timer = headersMs === undefined ? undefined : setTimeout(() => late.abort(), headersMs);
    const address = `${this.url}/api/v0/${command}?${new URLSearchParams(commandArguments)}`;
    try {
      const options = { method: "POST", redirect: "error", signal: AbortSignal.any([signal, late.signal]) } as const;
      const response = await fetch(address, options);
      if (!response.ok) throw this.#refusal(command, response.status, await reasonIn(response));
      return this.#chunks(command, response, signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw this.#failure(command, error);
    } finally {
      clearTimeout(timer);
    }
  }

  async *#chunks(command: string, { body }: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      if (body !== null) yield* body;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw this.#failure(command, error);
    }
  }

  #failure(call: string, error: unknown): unknown {
    if (error instanceof CommonweightError) return error;
    if (!(error instanceof Error)) return daemonDown(this.url, call, error);
    if (isHttpError(error)) return this.#refusal(call, error.response.status, error.message);
    // A fetch that fails rejects with a TypeError, one that is aborted with a DOMException.
    const isUnanswered = error instanceof DOMException || error.name === "AbortError" || error.name === "TimeoutError";
    if (isUnanswered || isFailedFetch(error)) return daemonDown(this.url, call, error);
    return daemonFaulty(this.url, call, error.message.slice(0, MAX_REASON_LENGTH), error);
  }

  #refusal(call: string, status: number, text: string): CommonweightError {
    const reason = text.slice(0, MAX_REASON_LENGTH);
    if (status === 401 || status === 403) {
      return daemonUnfit(this.url, `refuses access (${status})`, "Allow this machine in the daemon's API settings.");
    }
    if (status === 404 || status === 405) {
      return daemonUnfit(
        this.url,
        `has no command ${call}`,
        "Give the address of its RPC API as --kubo: Addresses.API.",
      );
    }
    return daemonRefused(this.url, call, reason === "" ? `status ${status}` : reason);
  }
}

function isHttpError(error: Error): error is Error & { readonly response: Response } {
  return "response" in error && error.response instanceof Response;
}

function isFailedFetch(error: Error): boolean {
  return error instanceof TypeError && (error.message === "fetch failed" || error.message === "terminated");
}

/** The text of a daemon's error, of which no more than a few kilobytes are read. */
async function reasonIn({ body }: Response): Promise<string> {
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk.subarray(0, MAX_REASON_BYTES));
    length += chunk.length;
    if (length >= MAX_REASON_BYTES) break;
  }
  const text = Buffer.concat(chunks).toString().slice(0, MAX_REASON_BYTES);
  return /"Message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text;
}
