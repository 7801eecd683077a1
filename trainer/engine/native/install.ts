import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

import { buildTfjsNode } from "./build.ts";
import { loadError, packagesError, platformError } from "./install-errors.ts";
import { wheelOf } from "./library.ts";
import { TFJS_NODE_VERSION, tfjsNodeFolder } from "./location.ts";
import lock from "./packages-lock.json" with { type: "json" };
import packages from "./packages.json" with { type: "json" };
import { runStep, type Progress } from "./run-step.ts";
import { tryEngine, type Trial } from "./try-engine.ts";

/** Prefix of the temporary folders, followed by the number of the process that works there. */
const TEMPORARY = ".installing-";

/** An engine that is in its folder and computes. */
export interface InstalledEngine {
  readonly folder: string;
  /** Versions of the package and of the library. */
  readonly tfjsNode: string;
  readonly tensorflow: string;
  /** `present`: it was there before; `download`: by its own install step; `build`: compiled here. */
  readonly how: "present" | "download" | "build";
}

/** What the installation tells and when it stops. */
export interface InstallRun {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Installs tfjs-node into a folder of its own below `engines`, unless one is there that computes.
 *
 * npm fetches the packages of a committed lock file without running their scripts; then tfjs-node's own install step
 * downloads its library, and where that fails, it is built against the library of TensorFlow's Python wheel. All that
 * happens in a temporary folder, renamed at the end: an interruption leaves no half-installed engine.
 *
 * @throws CommonweightError `ENGINE_INSTALL_*`; `signal.reason` on abort
 */
export async function installTfjsNode(engines: string, run: InstallRun): Promise<InstalledEngine> {
  const { signal } = run;
  const folder = tfjsNodeFolder(engines);
  await mkdir(engines, { recursive: true, mode: 0o700 });
  await removeLeftovers(engines);
  const present = await presentEngine(folder, engines, run);
  if (present !== undefined) return present;
  const work = await mkdtemp(join(engines, `${TEMPORARY}${process.pid}-`));
  try {
    await fetchPackages(work, run);
    const { how, tfjsNode, tensorflow } = await obtainLibrary(work, run);
    signal.throwIfAborted();
    // The engine may have been installed meanwhile, or be there and broken.
    await moveAway(folder, join(work, "replaced"));
    await rename(work, folder);
    await rm(join(folder, "replaced"), { recursive: true, force: true });
    return { folder, tfjsNode, tensorflow, how };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The engine that is in the folder already; `undefined` if none is there, or it does not compute. */
async function presentEngine(folder: string, engines: string, run: InstallRun): Promise<InstalledEngine | undefined> {
  if (!(await readdir(engines)).some((name) => join(engines, name) === folder)) return undefined;
  const trial = await tryEngine(folder, run.signal);
  if (trial.kind === "ok") return { folder, tfjsNode: trial.tfjsNode, tensorflow: trial.tensorflow, how: "present" };
  run.progress(`the installed engine does not load (${trial.reason}): installing it again`);
  return undefined;
}

/** @throws ENGINE_INSTALL_PACKAGES */
async function fetchPackages(work: string, { progress, signal }: InstallRun): Promise<void> {
  await writeFile(join(work, "package.json"), JSON.stringify(packages));
  await writeFile(join(work, "package-lock.json"), JSON.stringify(lock));
  const result = await runStep(
    {
      ...{ program: "npm", folder: work, limitMinutes: 15 },
      title: `fetching @tensorflow/tfjs-node ${TFJS_NODE_VERSION} and the packages that it needs`,
      arguments: ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"],
    },
    progress,
    signal,
  );
  if (result.kind !== "ok") throw packagesError(result.kind === "missing" ? "npm is not on the PATH" : result.reason);
}

type Obtained = Extract<Trial, { kind: "ok" }> & { readonly how: "download" | "build" };

/** @throws ENGINE_INSTALL_PLATFORM · ENGINE_INSTALL_LOAD; like {@link buildTfjsNode} */
async function obtainLibrary(work: string, run: InstallRun): Promise<Obtained> {
  const own = await ownInstallStep(work, run);
  if (own.kind === "ok") return { ...own, how: "download" };
  const wheel = wheelOf();
  if (wheel === undefined) throw platformError(own.reason);
  run.progress(`its own install step failed (${own.reason}): building it`);
  await buildTfjsNode(work, wheel, { ...run, ownStep: own.reason });
  const built = await tryEngine(work, run.signal);
  if (built.kind === "failed") throw loadError(built.reason);
  return { ...built, how: "build" };
}

/** tfjs-node's own install step: downloads the library and a module for it. */
async function ownInstallStep(work: string, { progress, signal }: InstallRun): Promise<Trial> {
  const step = {
    ...({ program: "node", folder: join(work, "node_modules/@tensorflow/tfjs-node"), limitMinutes: 10 } as const),
    title: "running tfjs-node's own install step, which downloads its library",
    arguments: ["scripts/install.js"],
  };
  const path = `${join(work, "node_modules/.bin")}${delimiter}`;
  const result = await runStep(step, progress, signal, path);
  switch (result.kind) {
    case "ok":
      return tryEngine(work, signal);
    case "failed":
      return result;
    case "missing":
      return { kind: "failed", reason: "it did not start" };
  }
}

/** Removes temporary folders of processes that have ended. */
async function removeLeftovers(engines: string): Promise<void> {
  for (const name of await readdir(engines)) {
    const owner = new RegExp(`^\\${TEMPORARY}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner)))
      await rm(join(engines, name), { recursive: true, force: true });
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it runs as another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function moveAway(folder: string, to: string): Promise<void> {
  try {
    await rename(folder, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}
