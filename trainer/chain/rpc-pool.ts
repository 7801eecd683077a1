import { setTimeout as sleep } from "node:timers/promises";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { Log } from "../log.ts";
import { invalid } from "./endpoint-url.ts";
import { isAnswer } from "./rpc-refusal.ts";
import { RpcEndpoint, type Failure, type FailureKind, type RefusedRequest, type RpcRequest } from "./rpc-endpoint.ts";
import { isDoubtful } from "./rpc-results.ts";

/** Timeout of one endpoint, and of all but the last together, so that the last one can answer within 5 s. */
const ANSWER_TIMEOUT_MS = 4_000;
/** Timeouts where no endpoint answered in the pass before: then they may be slow rather than down. */
const LONGER_TIMEOUT_MS = 10_000;
/** Time for which a failed endpoint is tried last. */
const COOL_DOWN_MS = 5_000;
/** Most that `Retry-After` keeps an endpoint from being asked. */
const LONGEST_HOLD_MS = 10_000;
/** Time for which a chain id check survives failures, so that a flaky endpoint remains usable. */
const CHECK_HOLDS_MS = 1_000;
/** Age at which the chain id of an endpoint in use is checked again. */
const CHECK_EXPIRES_MS = 60_000;
/** Time for which an empty result is asked for again before it is believed. */
const DOUBT_MS = 1_500;
/** Default time to wait out an outage. */
const DEFAULT_PATIENCE_MS = 15_000;
/** Time to wait out trouble when a chain is opened: long enough for a passing error. */
export const OPENING_PATIENCE_MS = 1_500;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** The chain's answer. */
export type RpcReply = { readonly kind: "result"; readonly value: unknown } | RefusedRequest;

export interface RpcPoolOptions {
  /** In order of preference, at least one. */
  readonly rpcUrls: readonly string[];
  /** Default: the chain id of the first endpoint that answers. */
  readonly expectedChainId?: bigint | undefined;
  /** Time to retry a request while no endpoint answers; default 15,000. */
  readonly patienceMs?: number | undefined;
  readonly log: Log;
}

/** A request to the pool. */
export interface PoolRequest extends RpcRequest {
  /** Whether an error of every endpoint ends the request: for broadcasts, which the sender repeats in its own time. */
  readonly once?: boolean;
  /** Why a result is out of date; `undefined` if it is not. */
  readonly staleness?: (value: unknown) => string | undefined;
}

interface Member {
  readonly endpoint: RpcEndpoint;
  /** Time of the last successful chain id check; 0 if it must be checked before use. */
  verifiedAt: number;
  coolUntil: number;
  /** Until when it asked to be left alone. */
  heldUntil: number;
  /** `undefined` while it answers. */
  failure: Failure | undefined;
  /** Last reason of a warning, so that each trouble is one line. */
  warned: string;
}

/** One pass over the endpoints: the chain's answer, or the last error and the last empty result in its place. */
interface Pass {
  readonly reply?: RpcReply;
  readonly refusal?: RefusedRequest;
  readonly empty?: RpcReply;
}

/**
 * Several endpoints of one chain behind one `request`. It keeps using an endpoint while it answers, else tries the next
 * one; after a failure, an endpoint's chain id is checked before it is used again. An answer is a well-formed result,
 * or an error that is the chain's own (`isAnswer`); everything else is a failure of the endpoint.
 *
 * Errors: `CHAIN_UNREACHABLE` · `CHAIN_WRONG_ID` · `CHAIN_URL_INVALID` · `CHAIN_REQUEST_REFUSED` every endpoint returns
 * an error · `CHAIN_ANSWER_MALFORMED` no endpoint's answer follows JSON-RPC.
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
    if (this.#members.length === 0) throw invalid("no endpoint is given", "Give a URL such as http://127.0.0.1:8545.");
  }

  /** The chain id that every endpoint must have; known after the first request. */
  get chainId(): bigint {
    if (this.#chainId === undefined) throw new Error("the chain id is read before the first request");
    return this.#chainId;
  }

  /** Tries the endpoints in turn, for up to `patienceMs`, until one answers; then throws. */
  async request(request: PoolRequest, signal: AbortSignal, patienceMs = this.#patienceMs): Promise<RpcReply> {
    const either = AbortSignal.any([signal, this.#closed.signal]);
    const start = Date.now();
    for (let pass = 0, pauseMs = FIRST_PAUSE_MS; ; pass++, pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const { reply, refusal, empty } = await this.#askInTurn(request, this.#timeoutOf(pass), either);
      if (reply !== undefined) return reply;
      if (request.once === true && refusal !== undefined) return refusal;
      const elapsed = Date.now() - start;
      if (empty !== undefined && elapsed >= DOUBT_MS) return empty;
      if (this.#allFailedAs("wrong-chain") || this.#isMovedForGood()) throw this.#outOfReach();
      const waitMs = Math.max(pauseMs, this.#holdMs());
      if (empty === undefined && elapsed + waitMs > patienceMs) throw this.#outOfReach();
      await sleep(waitMs, undefined, { signal: either });
    }
  }

  /**
   * Asks the endpoints that are not in use, quietly, and changes to the first one whose result `isBetter`.
   *
   * @param reason why the endpoint in use is left
   */
  async overtake(
    request: RpcRequest,
    isBetter: (value: unknown) => boolean,
    reason: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    const left = this.#current;
    const either = AbortSignal.any([signal, this.#closed.signal]);
    for (const member of this.#inOrder()) {
      if (member === left || member.coolUntil > Date.now()) continue;
      if (!(await this.#verify(member, ANSWER_TIMEOUT_MS, either))) continue;
      const answer = await member.endpoint.ask(request, ANSWER_TIMEOUT_MS, either);
      if (answer.kind !== "result" || !isBetter(answer.value)) continue;
      if (left !== undefined) this.#fail(left, { kind: "failed", what: "stale", reason });
      this.#settleOn(member);
      return true;
    }
    return false;
  }

  /** Aborts all running requests. */
  close(): void {
    this.#closed.abort();
  }

  /** In the first pass, all endpoints but the last have 4 s together. */
  #timeoutOf(pass: number): number {
    const others = Math.max(1, this.#members.length - 1);
    return pass === 0 ? ANSWER_TIMEOUT_MS / others : pass === 1 ? ANSWER_TIMEOUT_MS : LONGER_TIMEOUT_MS;
  }

  async #askInTurn(request: PoolRequest, timeoutMs: number, signal: AbortSignal): Promise<Pass> {
    let doubts: Pass = {};
    for (const member of this.#inOrder()) {
      if (member.heldUntil > Date.now()) continue;
      if (!(await this.#verify(member, timeoutMs, signal))) continue;
      const answer = await member.endpoint.ask(request, timeoutMs, signal);
      if (answer.kind === "failed") {
        this.#fail(member, answer);
      } else if (answer.kind === "refused") {
        if (isAnswer(request, answer)) return this.#answered(member, answer);
        doubts = { ...doubts, refusal: answer };
        this.#fail(member, { kind: "failed", what: "refused", reason: `${request.method}: ${answer.message}` });
      } else if (isDoubtful(request.method, answer.value)) {
        doubts = { ...doubts, empty: answer };
      } else {
        const reason = request.staleness?.(answer.value);
        if (reason === undefined) return this.#answered(member, answer);
        this.#fail(member, { kind: "failed", what: "stale", reason });
      }
    }
    return doubts;
  }

  #answered(member: Member, reply: RpcReply): Pass {
    this.#settleOn(member);
    return { reply };
  }

  /** The endpoint in use, then the others in order of preference; recently failed ones last. */
  #inOrder(): readonly Member[] {
    const now = Date.now();
    const rank = (member: Member) => (member.coolUntil > now ? 2 : member === this.#current ? 0 : 1);
    return [...this.#members].sort((a, b) => rank(a) - rank(b));
  }

  /** Checks the chain id, unless that was done a short while ago. */
  async #verify(member: Member, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    if (Date.now() - member.verifiedAt < CHECK_EXPIRES_MS) return true;
    const answer = await member.endpoint.ask({ method: "eth_chainId", params: [] }, timeoutMs, signal);
    if (answer.kind !== "result") {
      const reason = answer.kind === "failed" ? answer.reason : `eth_chainId: ${answer.message}`;
      this.#fail(member, answer.kind === "failed" ? answer : { kind: "failed", what: "refused", reason });
      return false;
    }
    const id = BigInt(String(answer.value));
    if (id !== (this.#chainId ??= id)) {
      member.verifiedAt = 0;
      this.#fail(member, { kind: "failed", what: "wrong-chain", reason: `chain id ${id}` });
      return false;
    }
    member.verifiedAt = Date.now();
    return true;
  }

  #fail(member: Member, failure: Failure): void {
    const now = Date.now();
    if (now - member.verifiedAt > CHECK_HOLDS_MS) member.verifiedAt = 0;
    member.coolUntil = now + COOL_DOWN_MS;
    member.heldUntil = now + Math.min(failure.retryAfterMs ?? 0, LONGEST_HOLD_MS);
    member.failure = failure;
    const { reason } = failure;
    const entry = { endpoint: member.endpoint.name, reason };
    if (member.warned === reason) this.#log.debug(entry, "endpoint failed again");
    else this.#log.warn(entry, "endpoint failed");
    member.warned = reason;
  }

  #settleOn(member: Member): void {
    member.coolUntil = 0;
    member.failure = undefined;
    if (this.#current === member) return;
    if (this.#current !== undefined) this.#log.info({ endpoint: member.endpoint.name }, "endpoint changed");
    this.#current = member;
  }

  #allFailedAs(what: FailureKind): boolean {
    return this.#members.every(({ failure }) => failure?.what === what);
  }

  /** A redirect from the first request on is a wrong address; later it is trouble that may pass. */
  #isMovedForGood(): boolean {
    return this.#current === undefined && this.#allFailedAs("moved");
  }

  /** How long every endpoint still asks to be left alone. */
  #holdMs(): number {
    return Math.max(0, Math.min(...this.#members.map(({ heldUntil }) => heldUntil - Date.now())));
  }

  #outOfReach(): CommonweightError {
    const failures = this.#members
      .map(({ endpoint, failure }) => `${endpoint.name} (${failure?.reason ?? "no answer"})`)
      .join(", ");
    if (this.#members.some(({ failure }) => failure?.what === "wrong-chain")) {
      return new CommonweightError(
        "CHAIN_WRONG_ID",
        `no endpoint of chain ${this.#chainId} answers: ${failures}`,
        "Give endpoints of the chain that the market is deployed on.",
      );
    }
    if (this.#isMovedForGood()) return invalid(`the endpoint redirects: ${failures}`, "Give the new address.");
    if (this.#allFailedAs("malformed")) {
      return new CommonweightError(
        "CHAIN_ANSWER_MALFORMED",
        `no answer follows JSON-RPC: ${failures}`,
        "Use the endpoint of an Ethereum node; a login page or another service answers here.",
      );
    }
    if (this.#allFailedAs("refused")) {
      return new CommonweightError(
        "CHAIN_REQUEST_REFUSED",
        `the node returns an error: ${failures}`,
        "Read the node's message; use a full node that allows the usual eth_ methods, or give several endpoints.",
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
  const endpoint = new RpcEndpoint(url);
  return { endpoint, verifiedAt: 0, coolUntil: 0, heldUntil: 0, failure: undefined, warned: "" };
}
