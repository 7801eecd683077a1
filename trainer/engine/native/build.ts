import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { buildError, libraryError, toolsError } from "./install-errors.ts";
import { LIBRARIES, WHEEL_PARTS, WHEEL_PYTHON, type Wheel } from "./library.ts";
import { runStep, type Progress, type Step } from "./run-step.ts";

/** Unpacks those files of the wheel `argv[1]` into the folder `argv[2]` that begin with one of the other arguments. */
const UNPACK = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
parts = tuple(sys.argv[3:])
wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(parts)])
`;

/** What the build tells and when it stops. */
export interface BuildRun {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Why the build is needed: how tfjs-node's own install step failed. */
  readonly ownStep: string;
}

/**
 * Builds tfjs-node's native module against the library inside TensorFlow's Python wheel, which comes from the same
 * index as every Python package. The library ends beside the module, so that the folder can be moved.
 *
 * @param folder where `node_modules` with tfjs-node and `node-api-headers` is
 * @throws ENGINE_INSTALL_TOOLS · ENGINE_INSTALL_LIBRARY · ENGINE_INSTALL_BUILD; `signal.reason` on abort
 */
export async function buildTfjsNode(folder: string, wheel: Wheel, run: BuildRun): Promise<void> {
  const wheels = join(folder, "wheels");
  const library = join(folder, "library");
  const module = join(folder, "node_modules/@tensorflow/tfjs-node");
  const target = join(module, "lib/napi-v8");
  await requireTools(folder, run);
  await downloadWheel(folder, wheels, wheel, run);
  const [file = ""] = await readdir(wheels);
  await build(run, {
    ...{ program: "python3", folder, limitMinutes: 10, title: "unpacking the TensorFlow library" },
    arguments: ["-c", UNPACK, join(wheels, file), library, ...WHEEL_PARTS],
  });
  await mkdir(target, { recursive: true });
  for (const name of LIBRARIES) await rename(join(library, "tensorflow", name), join(target, name));
  await build(run, { ...{ program: "g++", folder: module, limitMinutes: 10 }, ...compilation(library, target) });
  await rm(wheels, { recursive: true });
  await rm(library, { recursive: true });
}

/** The compiler's call. `$ORIGIN` is the folder of the module itself. */
function compilation(library: string, target: string): Pick<Step, "arguments" | "title"> {
  return {
    title: "compiling tfjs-node",
    arguments: [
      ...["-std=c++17", "-O2", "-fPIC", "-shared", "-DNAPI_VERSION=8"],
      ...["-I", ".", "-I", join(library, "tensorflow/include"), "-I", "../../node-api-headers/include"],
      ...["binding/tfjs_backend.cc", "binding/tfjs_binding.cc", "-o", join(target, "tfjs_binding.node")],
      ...LIBRARIES.map((name) => join(target, name)),
      "-Wl,-rpath,$ORIGIN",
    ],
  };
}

/** @throws ENGINE_INSTALL_TOOLS with all that is missing */
async function requireTools(folder: string, { progress, signal, ownStep }: BuildRun): Promise<void> {
  const title = "looking for python3, pip and g++";
  const found = async (program: "python3" | "g++", ...programArguments: readonly string[]): Promise<boolean> => {
    const step = { program, arguments: programArguments, folder, title, limitMinutes: 1 };
    return (await runStep(step, () => undefined, signal)).kind === "ok";
  };
  progress(title);
  const [python, compiler] = [await found("python3", "--version"), await found("g++", "--version")];
  const pip = !python || (await found("python3", "-m", "pip", "--version"));
  const missing = [
    ...(python ? [] : ["python3"]),
    ...(pip ? [] : ["pip (python3 -m pip)"]),
    ...(compiler ? [] : ["g++"]),
  ];
  if (missing.length > 0) throw toolsError(missing, ownStep);
}

/** @throws ENGINE_INSTALL_LIBRARY, also if the wheel has another digest than the committed one */
async function downloadWheel(folder: string, wheels: string, wheel: Wheel, run: BuildRun): Promise<void> {
  const requirements = join(folder, "requirements.txt");
  await writeFile(requirements, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
  const result = await runStep(
    {
      ...{ program: "python3", folder, limitMinutes: 30 },
      title: `downloading the TensorFlow library (${wheel.requirement}, 230 MB)`,
      arguments: [
        ...["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes", "--no-input"],
        ...["--disable-pip-version-check", "--progress-bar=off", "--platform", wheel.platform],
        ...["--implementation=cp", "--python-version", WHEEL_PYTHON, "--dest", wheels, "-r", requirements],
      ],
    },
    run.progress,
    run.signal,
  );
  if (result.kind !== "ok") throw libraryError(result.kind === "missing" ? "python3 is missing" : result.reason);
}

/** @throws ENGINE_INSTALL_BUILD */
async function build({ progress, signal }: BuildRun, step: Step): Promise<void> {
  const result = await runStep(step, progress, signal);
  if (result.kind !== "ok") {
    throw buildError(step.title, result.kind === "missing" ? `${step.program} is missing` : result.reason);
  }
}
