import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { bytecodeOf } from "../../trainer/local-chain/artifacts.ts";
import { ROOT, runTool } from "../programs/run-tool.ts";

/** A workspace that is published. */
export type PackageFolder = "sdk" | "trainer";

/** The contracts that `deployMarket` creates. */
const DEPLOYED = [
  ...["JobBook", "Committees", "ScoringPanel", "TrainingRounds", "JobLifecycle", "TrainingMarket"],
  "mocks/WrappedNative",
];

/**
 * Builds a package into its `dist/`: JavaScript, type declarations, and files that it reads at run time.
 *
 * @throws with the compiler's output if the build fails
 */
export async function buildPackage(folder: PackageFolder): Promise<void> {
  // The trainer is compiled against the sdk's built types, as its users have them.
  if (folder === "trainer") await buildPackage("sdk");
  const dist = join(ROOT, folder, "dist");
  rmSync(dist, { recursive: true, force: true });
  await compile(folder);
  if (folder === "sdk") addAssets(dist);
  for (const file of ["LICENSE"]) cpSync(join(ROOT, file), join(ROOT, folder, file));
}

async function compile(folder: PackageFolder): Promise<void> {
  const { status, output } = await runTool("node_modules/typescript/bin/tsc", ["-p", `${folder}/tsconfig.build.json`]);
  if (status !== 0) throw new Error(`${folder} does not compile:\n${output.trim()}`);
}

/** Adds the sdk's JSON files and a generated module with the contracts' creation code. */
function addAssets(dist: string): void {
  cpSync(join(ROOT, "sdk/job-file/job-schema.json"), join(dist, "job-file/job-schema.json"));
  const deployments = join(ROOT, "deployments");
  mkdirSync(join(dist, "deployments"), { recursive: true });
  for (const name of readdirSync(deployments).filter((file) => file.endsWith(".json"))) {
    cpSync(join(deployments, name), join(dist, "deployments", name));
  }
  const codes = Object.fromEntries(DEPLOYED.map((contract) => [contract, bytecodeOf(contract)]));
  writeFileSync(join(dist, "abi/bytecode.js"), bytecodeModule(codes));
  writeFileSync(join(dist, "abi/bytecode.d.ts"), BYTECODE_TYPES);
}

const BYTECODE_TYPES = `/**
 * Returns the creation code of a contract, as \`deployMarket\` takes it.
 *
 * @param contract ${DEPLOYED.map((name) => `\`${name}\``).join(", ")}
 */
export declare function bytecodeOf(contract: string): string;
`;

function bytecodeModule(codes: Readonly<Record<string, string>>): string {
  return `const CODES = new Map(Object.entries(${JSON.stringify(codes, null, 2)}));

export function bytecodeOf(contract) {
  const code = CODES.get(contract);
  if (code === undefined) throw new RangeError(\`no code of \${contract}\`);
  return code;
}
`;
}

/** Reads a package's manifest from the repository. */
export function readManifest(folder: PackageFolder): unknown {
  return JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
}
