import type { Weights } from "../../../trainer/model/tensors.ts";
import type { TrainingView } from "../agents.ts";
import type { ChainEvent } from "../driver/virtual-chain.ts";
import { learn } from "../learner.ts";
import { lessonSeed } from "../plain-fedavg.ts";
import { TRAINING } from "../world.ts";
import type { History } from "./history.ts";
import type { Run } from "./post-scenario.ts";
import { stoodStill } from "./standstill.ts";

type Classroom = Pick<Run, "scenario" | "seed" | "world" | "trainers" | "random">;
type Lessons = Pick<History, "model" | "past">;

/** Trainers with a bond train and commit. If one stays silent, the phase lasts until its deadline. */
export async function trainingPhase(
  run: Classroom & Pick<Run, "market" | "job" | "content" | "holdout">,
  history: Lessons & Pick<History, "forfeited" | "best">,
): Promise<readonly ChainEvent[]> {
  const { job, scenario, content } = run;
  const round = Number(await job.round());
  const opened = isSealed(scenario) && round === 1 ? await openedPublicShard(run) : [];
  if (await stoodStill(run, "training", 0)) return opened;
  for (const [index, update] of updatesOf(run, history, round).entries()) {
    if (update === undefined || history.forfeited.has(index)) continue;
    await job.commitUpdate(round, run.trainers[index]!.account, content.publish(update));
  }
  if (scenario.initiator?.cancels?.(round, history.best) === true) await job.cancel();
  const events = await run.market.chain.block();
  if ((await job.phase()) === "training") await job.passTraining();
  return [...opened, ...events];
}

/** Nobody can commit before the public shard is open. */
async function openedPublicShard({ holdout, job, market }: Pick<Run, "holdout" | "job" | "market">) {
  await holdout.openPublic(job);
  return market.chain.block();
}

function isSealed({ terms }: Run["scenario"]): boolean {
  return terms.holdout === "sealed";
}

/** Computes the honest updates first, because an adversary's update may depend on them. */
function updatesOf(room: Classroom, lessons: Lessons, round: number): (Weights | undefined)[] {
  const honest: Weights[] = [];
  const updates: (Weights | undefined)[] = room.trainers.map(({ agent }, index) => {
    if (!agent.honest) return undefined;
    const update = agent.update(viewOf(room, lessons, { round, index, honest: [] }));
    if (update !== undefined) honest.push(update);
    return update;
  });
  for (const [index, { agent }] of room.trainers.entries()) {
    if (!agent.honest) updates[index] = agent.update(viewOf(room, lessons, { round, index, honest }));
  }
  return updates;
}

function viewOf(
  { scenario, world, seed, random }: Classroom,
  { model: base, past }: Lessons,
  { round, index, honest }: Pick<TrainingView, "round" | "index" | "honest">,
): TrainingView {
  const part = scenario.partOf?.[index] ?? index;
  const own = world.parts[part]!;
  const lesson = { ...TRAINING, seed: lessonSeed(seed, round, part) };
  return {
    ...{ round, index, base, own, honest, past },
    random: random("trainer", round, index),
    learn: (samples = own, epochs = TRAINING.epochs) => learn(base, samples, { ...lesson, epochs }),
  };
}

/** Result of the disclosure phase. */
export interface Disclosed {
  readonly events: readonly ChainEvent[];
  /** Indices of the trainers that sealed an update but do not disclose it. */
  readonly silent: readonly number[];
}

type Stage = Pick<Run, "market" | "job" | "scenario" | "trainers" | "holdout">;

/** Trainers disclose their updates, and the initiator opens the round's shard. */
export async function disclosurePhase(run: Stage): Promise<Disclosed> {
  const disclosed = (await stoodStill(run, "disclosure", 0)) ? { events: [], silent: [] } : await disclosures(run);
  return { ...disclosed, events: [...disclosed.events, ...(await opening(run))] };
}

async function disclosures({ market, job, trainers }: Stage): Promise<Disclosed> {
  const round = Number(await job.round());
  const silent: number[] = [];
  for (const [index, { agent, account }] of trainers.entries()) {
    if (!job.hasSealed(account, round)) continue;
    if (agent.discloses?.(round) === false) silent.push(index);
    else await job.revealUpdate(round, account);
  }
  const events = await market.chain.block();
  if ((await job.phase()) === "disclosure") await job.passDisclosure();
  return { events, silent };
}

/** The initiator opens the shard of the round, if it is to be scored on one. */
async function opening(run: Stage): Promise<readonly ChainEvent[]> {
  const { market, job, scenario, holdout } = run;
  if (!isSealed(scenario) || (await job.phase()) !== "draw") return [];
  if (await stoodStill(run, "opening", 0)) return [];
  if (scenario.initiator?.opens?.(Number(await job.round())) === false) await job.passOpening();
  else await holdout.open(job);
  return market.chain.block();
}
