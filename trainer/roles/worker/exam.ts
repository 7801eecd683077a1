import { z } from "zod";

import { accuracyBps } from "@commonweight/sdk/protocol/scores";
import type { Engine } from "../../engine/port.ts";
import type { Samples, Weights } from "../../model/tensors.ts";
import { isHarderExam } from "../../scoring/exam.ts";
import type { JobContext } from "./job-context.ts";
import type { WorkerModules } from "./modules.ts";
import { readRecord } from "./read-record.ts";

export type ExamModules = Pick<WorkerModules, "journal" | "log"> & { readonly engine: Pick<Engine, "evaluate"> };

/** A round's shard, the public one, and a model to measure on both. */
export interface ExamTask {
  readonly round: number;
  readonly weights: Weights;
  readonly shard: Samples;
  readonly publicShard: Samples;
}

const leaving = z.strictObject({ round: z.int() });

/** Compares the opened shards of one job with its public one, and keeps in the journal whether the worker leaves. */
export class Exam {
  readonly #modules: ExamModules;
  readonly #job: Pick<JobContext, "spec">;
  readonly #key: string;

  /** @param role whose records these are */
  constructor(modules: ExamModules, job: Pick<JobContext, "jobId" | "spec">, role: "trainer" | "validator") {
    this.#modules = modules;
    this.#job = job;
    this.#key = `${role}/${job.jobId}/leaves`;
  }

  /** Whether a shard was much harder than the public one: the initiator did not cut all from the same samples. */
  get leaves(): boolean {
    return readRecord(this.#modules, this.#key, leaving) !== undefined;
  }

  /** Measures a model on a round's shard and on the public one, and records whether the worker leaves. */
  async compare({ round, weights, shard, publicShard }: ExamTask, signal: AbortSignal): Promise<void> {
    const { engine, journal, log } = this.#modules;
    const { model } = this.#job.spec;
    const result = await engine.evaluate({ model, weights, samples: shard }, signal);
    const publicResult = await engine.evaluate({ model, weights, samples: publicShard }, signal);
    if (!isHarderExam(result, publicResult)) return;
    const [score, publicScore] = [result, publicResult].map(({ correct, count }) => accuracyBps(correct, count));
    log.warn({ code: "JOB_HARDER_SHARD", round, score, publicScore }, "the shard is much harder than the public one");
    journal.record(this.#key, { round } satisfies z.infer<typeof leaving>);
  }
}
