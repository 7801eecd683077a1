import { setTimeout as sleep } from "node:timers/promises";

import { isLocalChain } from "@commonweight/sdk/chain/local-chain";
import type { Log } from "../log.ts";
import type { Head } from "./port.ts";
import type { BlockHeader, Rpc } from "./rpc.ts";

/** Silence after which other endpoints are asked for a newer block: blocks that are missing, and a least time. */
const SUSPECT_BLOCKS = 3;
const SUSPECT_MS = 2_500;
/** Silence after which the operator is told: blocks that are missing, and a least time. */
const SILENT_BLOCKS = 10;
const SILENT_MS = 30_000;
/** Age of the first block seen at which the operator is told, in milliseconds. */
const OLD_MS = 120_000;
/** Blocks in a row after which the chain counts as running again. */
const RECOVERED_BLOCKS = 10;

/** What newest blocks are read with. */
export type HeadSource = Pick<Rpc, "pace" | "latestBlock" | "findNewerThan">;

/** Follows the newest block: leaves an endpoint that stands still, and says once if the chain does. */
export class ChainHeads {
  readonly #rpc: HeadSource;
  readonly #chainId: bigint;
  readonly #log: Log;
  readonly #date: () => number;
  #last = -1;
  #suspectedAt = 0;
  /** Blocks since the last warning; `undefined` if there was none. */
  #sinceWarning: number | undefined;

  /** @param date the machine's, in milliseconds: for warnings, and for how often endpoints are compared */
  constructor(rpc: HeadSource, chainId: bigint, log: Log, date: () => number = Date.now) {
    this.#rpc = rpc;
    this.#chainId = chainId;
    this.#log = log;
    this.#date = date;
  }

  async head(signal: AbortSignal): Promise<Head> {
    const seen = await this.#rpc.latestBlock(signal);
    const head = (await this.#isOvertaken(seen, signal)) ? await this.#rpc.latestBlock(signal) : seen;
    this.#watchAge(head);
    const { number, hash, parentHash, timestamp, isEmpty } = head;
    return { number, hash, parentHash, timestamp, isEmpty };
  }

  async untilNextBlock(signal: AbortSignal, eager = false): Promise<void> {
    await sleep(this.#rpc.pace.pauseMs(eager), undefined, { signal });
  }

  /** Whether another endpoint has a newer block, where this one has had none for long. */
  async #isOvertaken({ number }: BlockHeader, signal: AbortSignal): Promise<boolean> {
    const { silentMs, betweenMs } = this.#rpc.pace;
    const patience = Math.max(SUSPECT_BLOCKS * betweenMs, SUSPECT_MS);
    if (silentMs < patience || this.#date() - this.#suspectedAt < patience) return false;
    this.#suspectedAt = this.#date();
    return this.#rpc.findNewerThan(number, signal);
  }

  #watchAge({ number, timestamp }: BlockHeader): void {
    const isFirst = this.#last === -1;
    const isLocal = isLocalChain(this.#chainId);
    // A local chain that makes blocks only for transactions is named once.
    if (!isFirst && number !== this.#last && !isLocal) this.#countBlock();
    this.#last = number;
    const { silentMs, betweenMs } = this.#rpc.pace;
    const isSilent = silentMs > Math.max(SILENT_BLOCKS * betweenMs, SILENT_MS);
    const ageMs = this.#date() - 1_000 * timestamp;
    const isOld = isFirst && !isLocal && ageMs > OLD_MS;
    if ((!isSilent && !isOld) || this.#sinceWarning !== undefined) return;
    this.#sinceWarning = 0;
    const context = { block: number, seconds: Math.round((isSilent ? silentMs : ageMs) / 1_000) };
    if (isLocal) this.#log.warn({ code: "CHAIN_NO_BLOCKS", ...context, hint: NO_BLOCKS }, "no new block for long");
    else this.#log.warn({ code: "CHAIN_HEAD_OLD", ...context, hint: HEAD_OLD }, "the newest block is old");
  }

  #countBlock(): void {
    if (this.#sinceWarning === undefined) return;
    if (++this.#sinceWarning < RECOVERED_BLOCKS) return;
    this.#sinceWarning = undefined;
    this.#log.info({ block: this.#last }, "new blocks come again");
  }
}

const NO_BLOCKS =
  "This local chain makes blocks only for transactions, so a job's time stands still. " +
  "Start it with interval mining (npm run chain), or call evm_setIntervalMining with 1000.";
const HEAD_OLD =
  "The node is behind or cut off, or the chain stands still: check it, or give another endpoint (--rpc).";
