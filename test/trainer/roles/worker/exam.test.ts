import { expect } from "chai";

import type { JobContext } from "../../../../trainer/roles/worker/job-context.ts";
import type { EngineInput } from "../../../../trainer/engine/port.ts";
import type { Log } from "../../../../trainer/log.ts";
import type { Samples } from "../../../../trainer/model/tensors.ts";
import { silentLog } from "../../../../trainer/log.ts";
import { Exam } from "../../../../trainer/roles/worker/exam.ts";
import { MemoryJournal } from "../../../helpers/memory-journal.ts";

const { signal } = new AbortController();
// Cast: only what is read.
const job = { jobId: 7n, spec: { model: {} } } as unknown as JobContext;

/** Samples of which the engine below gets `correct` right. */
function samplesOf(correct: number, count = 500): Samples {
  return { count, features: new Float32Array([correct]), labels: new Uint16Array(count) };
}

const engine = {
  evaluate: ({ samples }: EngineInput) =>
    Promise.resolve({ loss: 1, correct: samples.features[0] ?? 0, count: samples.count }),
};

describe("a worker that compares a round's shard with the public one", () => {
  const publicShard = samplesOf(450);
  const weights = new Float32Array(1);
  let journal: MemoryJournal;
  let warnings: object[];
  let log: Log;
  beforeEach(() => {
    journal = new MemoryJournal();
    warnings = [];
    log = { ...silentLog, warn: (context: object) => void warnings.push(context) };
  });

  for (const role of ["trainer", "validator"] as const) {
    it(`notes that it leaves as a ${role}, says why, and knows it after a restart`, async () => {
      const exam = new Exam({ engine, journal, log }, job, role);
      await exam.compare({ round: 4, weights, shard: samplesOf(50), publicShard }, signal);
      expect(warnings).to.deep.equal([{ code: "JOB_HARDER_SHARD", round: 4, score: 1_000, publicScore: 9_000 }]);
      expect(exam.leaves).to.equal(true);
      expect(new Exam({ engine, journal, log }, job, role).leaves).to.equal(true);
    });
  }

  it("stays where the shard is about as hard, or easier", async () => {
    const exam = new Exam({ engine, journal, log }, job, "trainer");
    for (const correct of [430, 450, 500]) {
      await exam.compare({ round: 4, weights, shard: samplesOf(correct), publicShard }, signal);
    }
    expect(exam.leaves).to.equal(false);
    expect(warnings).to.deep.equal([]);
  });

  it("does not leave another job, or its job in another role", async () => {
    await new Exam({ engine, journal, log }, job, "trainer").compare(
      { round: 1, weights, shard: samplesOf(0), publicShard },
      signal,
    );
    expect(new Exam({ engine, journal, log }, { ...job, jobId: 8n }, "trainer").leaves).to.equal(false);
    expect(new Exam({ engine, journal, log }, job, "validator").leaves).to.equal(false);
  });
});
