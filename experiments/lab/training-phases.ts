import type { Weights } from "../../trainer/model/tensors.ts";
import type { TrainingView } from "./agents.ts";
import { learn } from "./learner.ts";
import { lessonSeed } from "./plain-fedavg.ts";
import { keyOf, noteEvents, shardOf, type RunState } from "./run-state.ts";
import type { Call } from "./virtual-chain.ts";
import { TRAINING } from "./world.ts";

interface Facts {
  readonly trainingEnd: bigint;
  readonly disclosureEnd: bigint;
}

/** Everyone trains and seals; who is silent costs the round its whole period. */
export async function trainingPhase(run: RunState): Promise<void> {
  const { job, scenario } = run;
  run.round = Number((await job.view<{ round: bigint }>("rounds", "jobOf")).round);
  run.digests = new Map();
  run.attempt = undefined;
  const updates = updatesOf(run);
  const calls: Call[] = [];
  for (const [index, update] of updates.entries()) {
    if (update === undefined || run.forfeited.has(run.trainers[index]!)) continue;
    const digest = run.content.publish(update);
    run.digests.set(index, digest);
    calls.push(job.commitUpdate(run.round, run.trainers[index]!, digest));
  }
  if (scenario.initiator?.cancels?.(run.round, run.best) === true) {
    calls.push(job.call(job.market.initiator, "rounds", "cancelJob"));
  }
  noteEvents(run, await job.send(calls));
  if ((await job.phase()) === "training") await job.passTo((await factsOf(run)).trainingEnd);
}

/** Honest ones first: what an adversary hands in may depend on all of theirs. */
function updatesOf(run: RunState): (Weights | undefined)[] {
  const { scenario } = run;
  const honest: Weights[] = [];
  const updates: (Weights | undefined)[] = scenario.trainers.map((agent, index) => {
    if (!agent.honest) return undefined;
    const update = agent.update(viewOf(run, index, []));
    if (update !== undefined) honest.push(update);
    return update;
  });
  for (const [index, agent] of scenario.trainers.entries()) {
    if (!agent.honest) updates[index] = agent.update(viewOf(run, index, honest));
  }
  return updates;
}

function viewOf(run: RunState, index: number, honest: readonly Weights[]): TrainingView {
  const { scenario, world, base, round, seed } = run;
  const part = scenario.partOf?.[index] ?? index;
  const own = world.parts[part]!;
  const lesson = { ...TRAINING, seed: lessonSeed(seed, round, part) };
  return {
    ...{ round, index, base, own, honest, past: run.past },
    random: run.job.random("trainer", round, index),
    learn: (samples = own, epochs = TRAINING.epochs) => learn(base, samples, { ...lesson, epochs }),
  };
}

/** Everyone opens what it sealed, and the initiator its shard. */
export async function disclosurePhase(run: RunState): Promise<void> {
  const { job, scenario, round } = run;
  const calls: Call[] = [];
  for (const [index, digest] of run.digests) {
    const trainer = run.trainers[index]!;
    if (scenario.trainers[index]!.discloses?.(round) === false) run.forfeited.add(trainer);
    else calls.push(job.revealUpdate(round, trainer, digest));
  }
  if (scenario.terms.holdout === "sealed" && scenario.initiator?.opens?.(round) !== false) {
    const shard = await shardOf(run);
    calls.push(job.call(job.market.initiator, "rounds", "openHoldout", keyOf(shard), run.keys.proofOf(shard)));
  }
  noteEvents(run, await job.send(calls));
  if ((await job.phase()) === "disclosure") await job.passTo((await factsOf(run)).disclosureEnd);
}

async function factsOf(run: RunState): Promise<Facts> {
  const [facts] = await run.job.view<readonly [Facts]>("rounds", "roundOf", run.round, run.job.market.chain.now);
  return facts;
}
