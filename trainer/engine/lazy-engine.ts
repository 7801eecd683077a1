import type { Engine } from "./port.ts";

/** What is known of an engine before it is open in this process. */
export type EngineFacts = Pick<Engine, "name" | "version" | "reason">;

/**
 * An engine that is opened at its first work: until then a worker does without the memory of its library.
 *
 * @param open called once, or again after it failed; its error is the work's
 */
export function lazyEngine(facts: EngineFacts, open: () => Promise<Engine>): Engine {
  let opening: Promise<Engine> | undefined;
  const opened = async (): Promise<Engine> => {
    opening ??= open();
    try {
      return await opening;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  return {
    ...facts,
    train: async (input, options, signal) => (await opened()).train(input, options, signal),
    evaluate: async (input, signal) => (await opened()).evaluate(input, signal),
    predict: async (input, signal) => (await opened()).predict(input, signal),
  };
}
