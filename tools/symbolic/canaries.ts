import { propertiesIn } from "./properties.ts";

const CANARY = "    assert(false);\n    ";

/**
 * Ends each property with a canary, `assert(false)`. If the solver proves the canary too, it is unreachable: the
 * property's assumptions are contradictory.
 */
export function withCanaries(source: string, file: string): string {
  return propertiesIn(source, file)
    .toReversed()
    .reduce((text, { end }) => `${text.slice(0, end - 1)}${CANARY}${text.slice(end - 1)}`, source);
}
