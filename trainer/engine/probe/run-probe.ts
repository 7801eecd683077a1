import type { Engine } from "../port.ts";
import { caseDigests, type CaseDigests } from "./case-digests.ts";
import { PROBE_CASES } from "./cases.ts";
import { PROBE_DIGESTS } from "./digests.ts";

/** A value of a case whose digest is not the committed one. */
export interface Difference {
  readonly value: keyof CaseDigests;
  readonly expected: string;
  readonly actual: string;
}

/** Outcome of one case. */
export interface CaseResult {
  readonly name: string;
  readonly milliseconds: number;
  /** The first value that differs, if one does. */
  readonly difference: Difference | undefined;
}

/** Outcome of the probe: ok, or the first case that differs. */
export type ProbeResult =
  { readonly kind: "ok" } | { readonly kind: "differs"; readonly name: string; readonly difference: Difference };

const VALUES = ["weights", "losses", "predictions"] as const;

/**
 * Computes the cases on an engine, about a second in all, and stops at the first that differs from its digests.
 *
 * Only the WASM engine is expected to match them.
 *
 * @throws what the engine throws; `signal.reason` on abort
 */
export async function runProbe(engine: Engine, signal: AbortSignal): Promise<ProbeResult> {
  for await (const { name, difference } of probeCases(engine, signal)) {
    if (difference !== undefined) return { kind: "differs", name, difference };
  }
  return { kind: "ok" };
}

/**
 * Computes one case after the other and compares each with its digests.
 *
 * @throws like {@link runProbe}
 */
export async function* probeCases(engine: Engine, signal: AbortSignal): AsyncGenerator<CaseResult> {
  const digests: Readonly<Record<string, CaseDigests>> = PROBE_DIGESTS;
  for (const probeCase of PROBE_CASES) {
    const start = performance.now();
    const actual = await caseDigests(engine, probeCase, signal);
    const milliseconds = performance.now() - start;
    yield { name: probeCase.name, milliseconds, difference: firstDifference(digests[probeCase.name], actual) };
  }
}

function firstDifference(expected: CaseDigests | undefined, actual: CaseDigests): Difference | undefined {
  const value = VALUES.find((name) => expected?.[name] !== actual[name]);
  return value && { value, expected: expected?.[value] ?? "none", actual: actual[value] };
}
