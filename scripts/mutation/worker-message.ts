import { z } from "zod";

export const workerMessage = z.discriminatedUnion("failed", [
  z.object({
    failed: z.literal(true),
    file: z.string(),
    test: z.string(),
    timeout: z.boolean(),
    error: z.string(),
  }),
  z.object({ failed: z.literal(false), passed: z.number() }),
]);

/** What a worker tells when its tests are over. */
export type WorkerMessage = z.infer<typeof workerMessage>;

/** Tells what became of the tests, and ends this process. */
export function endRun(message: WorkerMessage): void {
  if (process.send === undefined) {
    console.log(JSON.stringify(message));
    process.exit(message.failed ? 1 : 0);
  }
  process.send(message, () => process.exit(0));
}
