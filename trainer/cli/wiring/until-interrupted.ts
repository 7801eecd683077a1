/** What shells give for a process that an interrupt ended. */
const INTERRUPTED = 130;

/**
 * Runs something until it ends by itself or the user interrupts: the first signal drains, the second quits. The exit
 * status is 0 where the work came to an end, and 130 where it was broken off.
 */
export async function untilInterrupted(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write("ending after what is under way; interrupt again to quit at once\n");
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    await run(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    process.exitCode = INTERRUPTED;
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
