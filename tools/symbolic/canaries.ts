import { propertiesIn } from "./properties.ts";

const CANARY = "    assert(false);\n    ";

/**
 * Ends each property with an assertion that is false. If the solver proves that one as well, nothing reaches it: the
 * property's conditions contradict each other.
 */
export function withCanaries(source: string, file: string): string {
  return propertiesIn(source, file)
    .toReversed()
    .reduce((text, { end }) => `${text.slice(0, end - 1)}${CANARY}${text.slice(end - 1)}`, source);
}
