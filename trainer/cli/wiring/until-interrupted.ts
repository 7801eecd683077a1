/** Exit status for a process ended by SIGINT, by shell convention. */
const INTERRUPTED = 130;

/**
 * Runs `run` until it ends or the user interrupts: the first signal aborts gracefully, the second exits at once. The
 * exit status is 0 if the work finished, and 130 if it was interrupted.
 */
export async function untilInterrupted(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write("stopping after the current step; interrupt again to quit at once\n");
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
