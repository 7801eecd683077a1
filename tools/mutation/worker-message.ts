import { z } from "zod";

const test = z.object({ file: z.string(), title: z.string() });
export const ranTest = test.extend({
  seconds: z.number(),
  /** Numbers of the sites that it reached. */
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

/** A worker's answer: its tests once they are loaded, or the result of a run. */
export type WorkerAnswer = z.infer<typeof workerAnswer>;
export type TestName = z.infer<typeof test>;
export type RanTest = z.infer<typeof ranTest>;

/** Full titles of the tests to run. */
export const workerOrder = z.object({ titles: z.array(z.string()) });
export type WorkerOrder = z.infer<typeof workerOrder>;
