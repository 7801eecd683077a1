import { z } from "zod";

const test = z.object({ file: z.string(), title: z.string() });
export const ranTest = test.extend({
  seconds: z.number(),
  /** Mutants at whose place it came by. */
  reached: z.array(z.number()),
});

export const workerAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready"), tests: z.array(test) }),
  z.object({ kind: z.literal("passed"), tests: z.array(ranTest), memory: z.number() }),
  z.object({
    kind: z.literal("failed"),
    file: z.string(),
    title: z.string(),
    error: z.string(),
    memory: z.number(),
  }),
]);

/** What a worker tells: which tests there are, and what became of those it was asked to run. */
export type WorkerAnswer = z.infer<typeof workerAnswer>;
export type TestName = z.infer<typeof test>;
export type RanTest = z.infer<typeof ranTest>;

/** Full titles of the tests to run. */
export const workerOrder = z.object({ titles: z.array(z.string()) });
export type WorkerOrder = z.infer<typeof workerOrder>;
