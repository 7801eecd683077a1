import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { execa } from "execa";
import { z } from "zod";

import { reasonIn } from "./reason-in.ts";

/** Time for loading the library and one step; a second on an idle machine. */
const LIMIT_MS = 60_000;

const versions = z.object({ tfjsNode: z.string().max(40), tensorflow: z.string().max(40) });

/** What `bin/try-engine.mjs` prints: its versions as JSON. */
const report = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "not JSON" });
      return z.NEVER;
    }
  })
  .pipe(versions);

/** Versions of an engine that computes, or why it does not. */
export type Trial =
  ({ readonly kind: "ok" } & z.infer<typeof versions>) | { readonly kind: "failed"; readonly reason: string };

/**
 * Loads a tfjs-node in a process of its own and trains one step: native code that the processor cannot run ends that
 * process, not this one. The process has no environment, may read the engine and this program only, and needs
 * `--allow-addons`, because the engine is a native module.
 *
 * @throws `signal.reason` on abort
 */
export async function tryEngine(folder: string, signal: AbortSignal): Promise<Trial> {
  const require = createRequire(import.meta.url);
  const program = fileURLToPath(new URL("../../bin/try-engine.mjs", import.meta.url));
  const readable = [folder, dirname(require.resolve("commonweight/package.json"))];
  const flags = [
    ...["--permission", "--allow-addons", ...readable.map((path) => `--allow-fs-read=${path}`)],
    ...["SecurityWarning", "ExperimentalWarning"].map((warning) => `--disable-warning=${warning}`),
  ];
  const result = await execa(process.execPath, [...flags, program, folder], {
    env: {},
    extendEnv: false,
    cwd: folder,
    stdin: "ignore",
    timeout: LIMIT_MS,
    cancelSignal: signal,
    forceKillAfterDelay: 1_000,
    reject: false,
  });
  signal.throwIfAborted();
  if (result instanceof Error) {
    return { kind: "failed", reason: reasonIn(result.stderr ?? "") ?? result.message };
  }
  const parsed = report.safeParse(result.stdout);
  if (!parsed.success) return { kind: "failed", reason: `it prints ${JSON.stringify(result.stdout.slice(0, 100))}` };
  return { kind: "ok", ...parsed.data };
}
