// `npm run test:symbolic`: properties of the libraries and the ledger, proved for all arguments; fails below 10, and on any
// that is not proved. `--install` fetches Halmos where it is missing; without it that part is NOT RUN.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { forgeProgram } from "./forge/forge-program.ts";
import { HALMOS, locatePythonProgram } from "./python-program.ts";
import { totalLine } from "./suite-result.ts";
import { writeFoundryProject } from "./symbolic/foundry-project.ts";
import { checkWithHalmos, halmosFiles, halmosProperties, type HalmosOptions } from "./symbolic/halmos.ts";
import type { Proof } from "./symbolic/proof.ts";
import { checkWithSmt, smtFiles } from "./symbolic/smt-checker.ts";

const TARGET = 10;

const { values } = parseArgs({ options: { install: { type: "boolean", default: false } } });
const start = performance.now();
const proofs = [...(await proveWithSmt()), ...(await proveWithHalmos(values.install))];
const ran = proofs.filter((proof) => proof !== undefined);
const proved = ran.filter(({ verdict }) => verdict === "proved").length;
const failed = ran.length - proved + (proved < TARGET ? 1 : 0);
console.log(`\n${proved} properties proved, at least ${TARGET} wanted; ${ran.length - proved} not proved, none wanted`);
console.log(`${((performance.now() - start) / 1000).toFixed(0)} s`);
console.log(totalLine([{ name: "symbolic", passed: proved, failed, skipped: proofs.length - ran.length }]));
process.exitCode = failed === 0 ? 0 : 1;

async function proveWithSmt(): Promise<readonly Proof[]> {
  console.log("solc's model checker, over z3 (mulDiv taken at its word):");
  const files = [...smtFiles()];
  // Two lanes for two cores.
  const lane = async () => {
    const all: Proof[] = [];
    for (let file = files.shift(); file !== undefined; file = files.shift())
      all.push(...shown(await checkWithSmt(file)));
    return all;
  };
  return (await Promise.all([lane(), lane()])).flat();
}

/** Gives `undefined` for each property that was not run. */
async function proveWithHalmos(install: boolean): Promise<readonly (Proof | undefined)[]> {
  console.log("\nHalmos, over the compiled code:");
  const located = await locatePythonProgram(HALMOS, install);
  const forge = forgeProgram();
  const reason = located.kind === "missing" ? located.reason : "npm has no forge for this platform";
  if (located.kind === "missing" || forge === undefined) {
    const properties = halmosFiles().flatMap(halmosProperties);
    console.log(`  NOT RUN: ${properties.length} properties: ${reason}`);
    return properties.map(() => undefined);
  }
  const project = mkdtempSync(join(tmpdir(), "commonweight-symbolic-"));
  try {
    await writeFoundryProject(project);
    return await checkAll({ program: located.path, forge, project });
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

async function checkAll(options: HalmosOptions): Promise<readonly Proof[]> {
  const all: Proof[] = [];
  for (const file of halmosFiles()) all.push(...shown(await checkWithHalmos(file, options)));
  return all;
}

function shown(some: readonly Proof[]): readonly Proof[] {
  for (const { contract, property, verdict, detail } of some) {
    console.log(`  ${verdict.toUpperCase().padEnd(8)} ${contract}.${property.name}: ${property.text}`);
    if (detail !== undefined) console.log(detail.replace(/^/gm, "           "));
  }
  return some;
}
