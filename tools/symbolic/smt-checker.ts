import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { z } from "zod";

import { NODE_FLAGS } from "../programs/node-flags.ts";
import { runProgram } from "../programs/run-program.ts";
import { ROOT } from "../programs/run-tool.ts";
import { withCanaries } from "./canaries.ts";
import type { Proof, Verdict } from "./proof.ts";
import { propertiesIn, type Property } from "./properties.ts";

const PROCESS = fileURLToPath(new URL("./smt-process.ts", import.meta.url));
/** Guards against a hang; not a performance target. */
const TIMEOUT_MS = 600_000;
/**
 * `chc`, constrained Horn clauses, is the default. `bmc`, one formula per function, also solves products; it cannot
 * handle a loop or an early `return`, which the canaries detect.
 */
const ENGINES = ["chc", "bmc"] as const;
/** "Assertion violation check is safe!", by engine. */
const SAFE = new Set(["9576", "2961"]);
/** "Assertion violation happens here.", or "might happen". */
const VIOLATIONS = new Set(["6328", "4661", "7812"]);
/** Warning that `bmc` is deprecated; harmless, because the compiler version is pinned. */
const DEPRECATED = "3993";
const HAPPENS = "violation happens here";

const message = z.object({
  errorCode: z.string(),
  severity: z.enum(["error", "warning", "info"]),
  message: z.string(),
  sourceLocation: z.object({ file: z.string(), start: z.int() }).optional(),
});
type Message = z.infer<typeof message>;
const output = z.object({ errors: z.array(message).default([]) });

/** A file of proofs, with one contract named like the file, and the engine that proves them. */
export interface SmtFile {
  readonly file: string;
  readonly engine: (typeof ENGINES)[number];
}

/** Returns the files of proofs for the model checker. */
export function smtFiles(): readonly SmtFile[] {
  return ENGINES.flatMap((engine) =>
    globSync(`test/symbolic/${engine}/*Proofs.sol`, { cwd: ROOT })
      .toSorted()
      .map((file) => ({ file, engine })),
  );
}

/** Checks each property of a file with solc's model checker and z3. */
export async function checkWithSmt({ file, engine }: SmtFile): Promise<readonly Proof[]> {
  const source = withCanaries(readFileSync(join(ROOT, file), "utf8"), file);
  const { stdout, output: said } = await runProgram(process.execPath, [...NODE_FLAGS, PROCESS, file, engine], {
    folder: ROOT,
    timeoutMs: TIMEOUT_MS,
  });
  const messages = messagesIn(stdout);
  const contract = basename(file, ".sol");
  const reason = messages === undefined ? `the model checker did not end: ${said.slice(-200)}` : troubleIn(messages);
  return propertiesIn(source, file).map((property) =>
    reason === undefined
      ? { contract, property, ...verdictOf(property, (messages ?? []).filter(isIn(file))) }
      : { contract, property, verdict: "unproved", detail: reason },
  );
}

function messagesIn(text: string): readonly Message[] | undefined {
  try {
    return output.parse(JSON.parse(text)).errors;
  } catch {
    return undefined; // The process was killed or crashed.
  }
}

/** An unexpected message, if any: it invalidates all proofs, because the checker may have skipped code. */
function troubleIn(messages: readonly Message[]): string | undefined {
  return messages.find(({ errorCode, severity }) => severity !== "info" && !isExpected(errorCode))?.message;
}

function isExpected(code: string): boolean {
  return VIOLATIONS.has(code) || code === DEPRECATED;
}

function isIn(file: string): (one: Message) => boolean {
  return ({ sourceLocation }) => sourceLocation?.file === file;
}

function verdictOf(property: Property, messages: readonly Message[]): { verdict: Verdict; detail?: string } {
  const said = (start: number) => messages.filter(({ sourceLocation }) => sourceLocation?.start === start);
  const isSafe = (start: number) => said(start).some(({ errorCode }) => SAFE.has(errorCode));
  const assertions = property.assertions.slice(0, -1);
  const canary = property.assertions.at(-1) ?? 0;
  const refutation = assertions.flatMap(said).find((one) => one.message.includes(HAPPENS));
  if (refutation !== undefined) return { verdict: "refuted", detail: refutation.message };
  if (!assertions.every(isSafe)) return { verdict: "unproved", detail: "the solver gave up" };
  if (isSafe(canary)) return { verdict: "vacuous" };
  const isRefuted = said(canary).some((one) => one.message.includes(HAPPENS));
  return isRefuted ? { verdict: "proved" } : { verdict: "unproved", detail: "the solver does not refute the canary" };
}
