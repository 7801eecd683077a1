import { setTimeout as sleep } from "node:timers/promises";

import type { JobView } from "@commonweight/sdk/chain/job-view";
import { readAccount } from "@commonweight/sdk/chain/read-account";
import type { Log } from "../../../../trainer/log.ts";
import { AnvilChain } from "./anvil.ts";
import { openStage, STAKE, type Stage } from "./stage.ts";
import { Thieves, type Scene } from "./thieves.ts";
import { startWorkers } from "./workers.ts";

/** How long a block waits for a transaction; longer where a phase has begun, so that whoever is hasty gets its way. */
const IDLE_MS = 150;
const HASTY_MS = 1_500;
/** A guard against hanging. */
const MOST_BLOCKS = 1_500;

export const SCENES: readonly Scene[] = ["training", "disclosure", "scoring", "reveal", "attestation"];

export interface Play {
  readonly anvil: string;
  readonly confirmations: number;
  /** Blocks that each reorganisation takes back; 0 for none. */
  readonly depth: number;
  /** Where the chain is reorganised. */
  readonly scenes: readonly Scene[];
  /** Whether nodes offer the transactions of orphaned blocks again, as geth does, or forget them. */
  readonly reinserts: boolean;
  readonly logOf: (account: string) => Log;
}

/** What everyone has at the end. Amounts in the token's smallest unit. */
export interface Ending {
  readonly blocks: number;
  readonly reorganised: readonly Scene[];
  /** Pay of the honest trainers and validators, in the order of the stage. */
  readonly trainers: readonly bigint[];
  readonly validators: readonly bigint[];
  readonly thieves: { readonly trainer: bigint; readonly validator: bigint };
  /** Honest trainers whose bond is not free, and honest validators that lack stake. */
  readonly bondsLost: number;
  readonly stakesLost: number;
  /** Calls that one honest account has in the chain twice, and honest transactions that failed. */
  readonly sentTwice: readonly string[];
  readonly failed: readonly string[];
}

/** Plays one job of one round, with a reorganisation in each of the scenes. */
export async function play(options: Play): Promise<Ending> {
  const chain = await AnvilChain.start(options.anvil);
  const ending = new AbortController();
  try {
    const stage = await openStage(chain);
    await chain.takeOver();
    const start = await chain.provider.getBlockNumber();
    const workers = await startWorkers(stage, options.confirmations, options.logOf, ending.signal);
    try {
      const reorganised = await mineToTheEnd(stage, options, workers.done);
      return { ...(await endingOf(stage, start)), reorganised };
    } finally {
      ending.abort();
      await workers.done.catch(() => undefined);
      workers.close();
    }
  } finally {
    await chain.stop();
  }
}

/** Makes blocks until the honest workers are done; gives the scenes in which the chain was reorganised. */
async function mineToTheEnd(stage: Stage, options: Play, done: Promise<unknown>): Promise<readonly Scene[]> {
  const { chain, thieves: accounts } = stage;
  const thieves = new Thieves(stage);
  const reorganised: Scene[] = [];
  const played = new Set<Scene>(SCENES.filter((scene) => options.depth === 0 || !options.scenes.includes(scene)));
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  void done.then(end, end);
  let phase = "";
  for (let blocks = 0; !isDone; blocks++) {
    if (blocks === MOST_BLOCKS) throw new Error(`the job is in ${phase} after ${blocks} blocks`);
    const head = await chain.provider.getBlockNumber();
    const view = await thieves.viewOf(accounts.trainer, head);
    await thieves.read(head);
    const scene = SCENES.find((one) => !played.has(one) && isDue(one, view, accounts.validator.address));
    if (scene !== undefined) {
      const orphans = await chain.reorganise(options.depth, await thieves.steal(head - options.depth));
      for (const raw of options.reinserts ? orphans : []) await reinsert(chain, raw);
      played.add(scene);
      reorganised.push(scene);
      phase = "";
      continue;
    }
    await thieves.step(head, played);
    await somebodySends(chain, view.phase === phase ? IDLE_MS : HASTY_MS);
    phase = view.phase;
    await chain.mine();
  }
  await done;
  return reorganised;
}

/** The moment at which a reorganisation hurts: honest workers showed something, and the thieves have not acted yet. */
function isDue(scene: Scene, { phase, round }: JobView, thief: string): boolean {
  const honest = round?.committee?.seats.filter(({ validator }) => validator !== thief) ?? [];
  switch (scene) {
    case "training":
      return phase === "training" && round?.committed === 2;
    case "disclosure":
      return phase === "disclosure" && (round?.revealed ?? 0) > 0;
    case "scoring":
      return phase === "scoring" && honest.some(({ hasCommitted }) => hasCommitted);
    case "reveal":
      return phase === "reveal" && honest.some(({ hasRevealed }) => hasRevealed);
    case "attestation":
      return phase === "attestation" && honest.some(({ hasAttested }) => hasAttested);
  }
}

async function somebodySends(chain: AnvilChain, mostMs: number): Promise<void> {
  for (const start = Date.now(); Date.now() - start < mostMs; await sleep(25)) {
    if ((await chain.waiting()) === 0) continue;
    // Whoever sends in the same moment comes into the same block.
    await sleep(50);
    return;
  }
}

async function reinsert({ provider }: AnvilChain, raw: string): Promise<void> {
  try {
    await provider.send("eth_sendRawTransaction", [raw]);
  } catch {
    // Its nonce is used on the new branch.
  }
}

async function endingOf(stage: Stage, start: number): Promise<Omit<Ending, "reorganised">> {
  const { chain, contracts, deployment, trainers, validators, thieves } = stage;
  const head = await chain.provider.getBlock("latest");
  if (head === null) throw new Error("no block");
  const accountOf = (address: string) => readAccount(contracts, address, deployment.block, head);
  const [members, seats, ...stolen] = await Promise.all([
    Promise.all(trainers.map(({ address }) => accountOf(address))),
    Promise.all(validators.map(({ address }) => accountOf(address))),
    accountOf(thieves.trainer.address),
    accountOf(thieves.validator.address),
  ]);
  const payOf = ({ due }: (typeof stolen)[number]) => due.reduce((sum, { amount }) => sum + amount, 0n);
  const stakeOf = ({ tokens }: (typeof stolen)[number]) =>
    tokens.reduce(
      (sum, { freeStake, locked }) => locked.reduce((all, { amount }) => all + amount, sum + freeStake),
      0n,
    );
  return {
    blocks: head.number - start,
    trainers: members.map(payOf),
    validators: seats.map(payOf),
    thieves: { trainer: payOf(stolen[0]), validator: payOf(stolen[1]) },
    bondsLost: members.filter(({ jobs }) => jobs[0]?.bond?.state !== "free").length,
    stakesLost: seats.filter((seat) => stakeOf(seat) !== STAKE).length,
    ...(await sentBy(stage, start, head.number)),
  };
}

/** Looks through the blocks for what honest accounts sent. */
async function sentBy({ chain, contracts, trainers, validators }: Stage, start: number, end: number) {
  const honest: readonly string[] = [...trainers, ...validators].map(({ address }) => address);
  const counts = new Map<string, number>();
  const failed: string[] = [];
  const interfaces = Object.values(contracts).flatMap((one: unknown) =>
    typeof one === "object" && one !== null && "interface" in one
      ? [one.interface as typeof contracts.rounds.interface]
      : [],
  );
  for (let block = start + 1; block <= end; block++) {
    for (const { from, to, data, hash } of await chain.transactionsOf(block)) {
      if (!honest.includes(from)) continue;
      const name = interfaces.map((abi) => abi.parseTransaction({ data })?.name).find((found) => found !== undefined);
      const key = [name, from, to, data].join(" ");
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if ((await chain.provider.getTransactionReceipt(hash))?.status !== 1) failed.push(`${name} of ${from}`);
    }
  }
  const sentTwice = [...counts].filter(([, count]) => count > 1).map(([key]) => key.slice(0, 80));
  return { sentTwice, failed };
}
