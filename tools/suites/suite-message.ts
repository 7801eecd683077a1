import { z } from "zod";

/** What a suite's process tells the runner, last of all; a process that ends without it has crashed. */
export const suiteMessage = z.strictObject({
  passed: z.int().min(0),
  failed: z.int().min(0),
  skipped: z.int().min(0),
});

export type SuiteMessage = z.infer<typeof suiteMessage>;

/** Tells the runner what came of the suite and ends this process, whatever it still waits for. */
export function endSuite(message: SuiteMessage): void {
  const exit = () => process.exit(message.failed === 0 ? 0 : 1);
  if (process.send === undefined) exit();
  else process.send(message, undefined, undefined, exit);
}
