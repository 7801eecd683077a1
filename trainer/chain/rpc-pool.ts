import { setTimeout as sleep } from "node:timers/promises";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { Log } from "../log.ts";
import { RpcEndpoint, type RpcAnswer, type RpcRequest } from "./rpc-endpoint.ts";

/** Timeout of one endpoint, so that the next one can answer within 5 s. */
const ANSWER_TIMEOUT_MS = 4_000;
/** Time for which a failed endpoint is tried last. */
const COOL_DOWN_MS = 5_000;
/** Time for which a chain id check survives failures, so that a flaky endpoint remains usable. */
const CHECK_HOLDS_MS = 1_000;
/** Default time to wait out an outage. */
const DEFAULT_PATIENCE_MS = 15_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** A node's definite answer. */
export type RpcReply = Exclude<RpcAnswer, { kind: "failed" }>;

export interface RpcPoolOptions {
  /** In order of preference, at least one. */
  readonly rpcUrls: readonly string[];
  /** Default: the chain id of the first endpoint that answers. */
  readonly expectedChainId?: bigint | undefined;
  /** Time to retry a request while no endpoint answers; default 15,000. */
  readonly patienceMs?: number | undefined;
  readonly log: Log;
}

interface Member {
  readonly endpoint: RpcEndpoint;
  /** Time of the last successful chain id check; 0 if it must be checked before use. */
  verifiedAt: number;
  coolUntil: number;
  lastFailure: string;
}

/**
 * Several endpoints of one chain behind one `request`. It keeps using an endpoint while it answers, else tries the next
 * one; after a failure, an endpoint's chain id is checked before it is used again.
 *
 * Errors: `CHAIN_UNREACHABLE`, `CHAIN_WRONG_ID`, `CHAIN_URL_INVALID`.
 */
export class RpcPool {
  readonly #members: readonly Member[];
  readonly #log: Log;
  readonly #patienceMs: number;
  readonly #closed = new AbortController();
  #chainId: bigint | undefined;
  #current: Member | undefined;

  constructor(options: RpcPoolOptions) {
    this.#members = options.rpcUrls.map(memberAt);
    this.#chainId = options.expectedChainId;
    this.#log = options.log;
    this.#patienceMs = options.patienceMs ?? DEFAULT_PATIENCE_MS;
    if (this.#members.length === 0) throw urlInvalid("no endpoint is given");
  }

  /** The chain id that every endpoint must have; known after the first request. */
  get chainId(): bigint {
    if (this.#chainId === undefined) throw new Error("the chain id is read before the first request");
    return this.#chainId;
  }

  /** Tries the endpoints in turn, for up to `patienceMs`, until one answers; then throws. */
  async request(request: RpcRequest, signal: AbortSignal, patienceMs = this.#patienceMs): Promise<RpcReply> {
    const either = AbortSignal.any([signal, this.#closed.signal]);
    const giveUpAt = Date.now() + patienceMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const reply = await this.#askInTurn(request, either);
      if (reply !== undefined) return reply;
      if (Date.now() + pauseMs > giveUpAt) throw this.#outOfReach();
      await sleep(pauseMs, undefined, { signal: either });
    }
  }

  /** Aborts all running requests. */
  close(): void {
    this.#closed.abort();
  }

  async #askInTurn(request: RpcRequest, signal: AbortSignal): Promise<RpcReply | undefined> {
    for (const member of this.#inOrder()) {
      if (member.verifiedAt === 0 && !(await this.#verify(member, signal))) continue;
      const answer = await member.endpoint.ask(request, signal);
      if (answer.kind !== "failed") {
        this.#settleOn(member);
        return answer;
      }
      this.#fail(member, answer.reason);
    }
    return undefined;
  }

  /** The endpoint in use, then the others in order of preference; recently failed ones last. */
  #inOrder(): readonly Member[] {
    const now = Date.now();
    const rank = (member: Member) => (member.coolUntil > now ? 2 : member === this.#current ? 0 : 1);
    return [...this.#members].sort((a, b) => rank(a) - rank(b));
  }

  async #verify(member: Member, signal: AbortSignal): Promise<boolean> {
    const answer = await member.endpoint.ask({ method: "eth_chainId", params: [] }, signal);
    if (answer.kind !== "result") {
      this.#fail(member, answer.kind === "failed" ? answer.reason : answer.message);
      return false;
    }
    const id = BigInt(String(answer.value));
    if (id !== (this.#chainId ??= id)) {
      this.#fail(member, `chain id ${id}`);
      return false;
    }
    member.verifiedAt = Date.now();
    return true;
  }

  #fail(member: Member, reason: string): void {
    const now = Date.now();
    if (now - member.verifiedAt > CHECK_HOLDS_MS) member.verifiedAt = 0;
    member.coolUntil = now + COOL_DOWN_MS;
    member.lastFailure = reason;
    this.#log.warn({ endpoint: member.endpoint.name, reason }, "endpoint failed");
  }

  #settleOn(member: Member): void {
    member.coolUntil = 0;
    if (this.#current === member) return;
    if (this.#current !== undefined) this.#log.info({ endpoint: member.endpoint.name }, "endpoint changed");
    this.#current = member;
  }

  #outOfReach(): CommonweightError {
    const failures = this.#members.map((member) => `${member.endpoint.name} (${member.lastFailure})`).join(", ");
    if (this.#members.some((member) => member.lastFailure.startsWith("chain id"))) {
      return new CommonweightError(
        "CHAIN_WRONG_ID",
        `no endpoint of chain ${this.#chainId} answers: ${failures}`,
        "Give endpoints of the chain that the market is deployed on.",
      );
    }
    return new CommonweightError(
      "CHAIN_UNREACHABLE",
      `no endpoint answers: ${failures}`,
      "Check that the node runs and that its URL is right; give several endpoints for failover.",
    );
  }
}

function memberAt(url: string): Member {
  try {
    return { endpoint: new RpcEndpoint(url, ANSWER_TIMEOUT_MS), verifiedAt: 0, coolUntil: 0, lastFailure: "" };
  } catch (cause) {
    if (cause instanceof TypeError) throw urlInvalid("an endpoint is not a URL", cause);
    throw cause;
  }
}

function urlInvalid(message: string, cause?: unknown): CommonweightError {
  return new CommonweightError("CHAIN_URL_INVALID", message, "Give a URL such as http://127.0.0.1:8545.", {
    cause,
  });
}
