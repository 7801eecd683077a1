import { z } from "zod";

const timedFile = z.strictObject({
  file: z.string(),
  seconds: z.number().min(0),
  processorSeconds: z.number().min(0),
});

/** The last message of a suite's process to the runner; a process that ends without it has crashed. */
export const suiteMessage = z.strictObject({
  passed: z.int().min(0),
  failed: z.int().min(0),
  skipped: z.int().min(0),
  /** Mocha suites only. */
  files: z.array(timedFile).optional(),
});

export type SuiteMessage = z.infer<typeof suiteMessage>;

/** Sends the suite's counts to the runner and exits, even if open handles remain. */
export function endSuite(message: SuiteMessage): void {
  const exit = () => process.exit(message.failed === 0 ? 0 : 1);
  if (process.send === undefined) exit();
  else process.send(message, undefined, undefined, exit);
}
