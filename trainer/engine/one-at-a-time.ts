import type { Engine } from "./port.ts";

/** An engine that does one piece of work after another: several jobs of a worker share its memory and cores. */
export function oneAtATime(engine: Engine): Engine {
  let last: Promise<unknown> = Promise.resolve();
  const queued = <Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(() => {
      signal.throwIfAborted();
      return work();
    });
    // The next work waits for this one's end, however it ends; an error goes to this work's caller alone.
    last = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  };
  return {
    name: engine.name,
    version: engine.version,
    reason: engine.reason,
    train: (input, options, signal) => queued(signal, () => engine.train(input, options, signal)),
    evaluate: (input, signal) => queued(signal, () => engine.evaluate(input, signal)),
    predict: (input, signal) => queued(signal, () => engine.predict(input, signal)),
  };
}
