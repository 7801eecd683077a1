// `npm run test:symbolic`: proves properties of the libraries and the ledger for all arguments; fails if any is not
// proved, or if there are fewer than 10. `--install` installs Halmos if it is missing; otherwise that part is NOT RUN.
// `--record` saves the figures for docs/evidence.md.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { noneAllowed } from "../bench/figures.ts";
import { forgeProgram } from "../forge/forge-program.ts";
import { HALMOS, locatePythonProgram } from "../programs/python-program.ts";
import { RECORD_OPTION } from "../evidence/finish-gate.ts";
import { recordResult } from "../evidence/results.ts";
import { totalLine } from "../jobs/suite-result.ts";
import { writeFoundryProject } from "./foundry-project.ts";
import { checkWithHalmos, HALMOS_CANARIES, halmosFiles, halmosProperties, type HalmosOptions } from "./halmos.ts";
import type { Proof } from "./proof.ts";
import { checkWithSmt, smtFiles } from "./smt-checker.ts";

const TARGET = 10;

interface HalmosResult {
  readonly proofs: readonly Proof[];
  readonly canaries: readonly Proof[];
  /** Number of properties and canaries that were skipped for lack of Halmos or forge. */
  readonly notRun: number;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const { values } = parseArgs({
  options: { install: { type: "boolean", default: false }, record: RECORD_OPTION },
});
const start = performance.now();
// Parse first: a malformed property then fails before the proofs, which take minutes.
const wanted = [...halmosFiles(), HALMOS_CANARIES].flatMap(halmosProperties).length;
const smt = await proveWithSmt();
const halmos = await proveWithHalmos(values.install);
const proofs = [...smt, ...halmos.proofs];
const proved = proofs.filter(({ verdict }) => verdict === "proved").length;
const caught = halmos.canaries.filter(({ verdict }) => verdict === "refuted").length;
const missed = halmos.canaries.length - caught;
console.log(`\n${proved} properties proved, target >= ${TARGET}; ${proofs.length - proved} not proved, target 0`);
console.log(`${caught} canaries refuted; ${missed} not refuted, target 0`);
console.log(`${((performance.now() - start) / 1000).toFixed(0)} s`);
const unproved = proofs.length - proved;
if (values.record && halmos.notRun === 0) {
  recordResult("symbolic", [
    { what: "properties proved", figure: String(proved), target: `>= ${TARGET}`, met: proved >= TARGET },
    noneAllowed("properties not proved", unproved),
    {
      what: "false properties refuted",
      figure: `${caught} of ${halmos.canaries.length}`,
      target: "all",
      met: missed === 0,
    },
  ]);
}
const failed = proofs.length - proved + missed + (proved < TARGET ? 1 : 0);
console.log(totalLine([{ name: "symbolic", passed: proved + caught, failed, skipped: halmos.notRun }]));
process.exitCode = failed === 0 ? 0 : 1;

async function proveWithSmt(): Promise<readonly Proof[]> {
  console.log("solc's model checker with z3 (mulDiv is assumed to be correct):");
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

async function proveWithHalmos(install: boolean): Promise<HalmosResult> {
  console.log("\nHalmos on the compiled code:");
  const located = await locatePythonProgram(HALMOS, install);
  const forge = forgeProgram();
  const reason = located.kind === "missing" ? located.reason : "no forge package for this platform";
  if (located.kind === "missing" || forge === undefined) {
    console.log(`  NOT RUN: ${wanted} properties and canaries: ${reason}`);
    return { proofs: [], canaries: [], notRun: wanted };
  }
  const project = mkdtempSync(join(tmpdir(), "commonweight-symbolic-"));
  const options = { program: located.path, forge, project };
  try {
    await writeFoundryProject(project);
    const proofs = await checkAll(options);
    console.log("\nCanaries (false properties that must be refuted):");
    return { proofs, canaries: shown(await checkWithHalmos(HALMOS_CANARIES, options)), notRun: 0 };
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
