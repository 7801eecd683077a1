// Program of `npm run test:anvil ANVIL`: plays a whole job with a block every second, then prints what reorganisations
// cost honest workers, beside the targets.
import { parseArgs } from "node:util";

import { pino } from "pino";

import type { Figure } from "../../../../tools/bench/figures.ts";
import { finishGate, RECORD_OPTION } from "../../../../tools/evidence/finish-gate.ts";
import { silentLog, type Log } from "../../../../trainer/log.ts";
import { wholeJobFigures } from "../../../e2e/whole-job/figures.ts";
import { startAnvil } from "../../../helpers/nodes/anvil.ts";
import { play, SCENES, type Ending, type Play } from "./play.ts";

const CONFIRMATIONS = 12;
const DEPTHS = [1, 3, 6, 12];
/** Of the planted fault: workers that rely on the newest block. */
const FAULT = { confirmations: 1, depth: 3 };

const { values, positionals } = parseArgs({ options: { record: RECORD_OPTION }, allowPositionals: true });
const [anvil] = positionals;
if (anvil === undefined) throw new Error("the path of anvil is missing");
const verbose = process.env["CW_VERBOSE"] === "1";
const logOf = (account: string): Log =>
  verbose ? pino({ level: "debug", base: { account: account.slice(0, 6) } }) : silentLog;

const BLOCK_SECONDS = 1;
const wholeJob = await wholeJobFigures("anvil", () => startAnvil(anvil, BLOCK_SECONDS));
const calm = await run("no reorganisation", { confirmations: 1, depth: 0, scenes: [], reinserts: false });
const figures: Figure[] = [
  ...wholeJob,
  figure("honest workers paid without reorganisations", paid(calm), "all", paid(calm) === "all"),
];
for (const [place, depth] of DEPTHS.entries()) {
  const reinserts = place % 2 === 0;
  const title = `${depth} deep, orphans ${reinserts ? "offered again" : "forgotten"}`;
  const ending = await run(title, { confirmations: CONFIRMATIONS, depth, scenes: SCENES, reinserts });
  const played = `${ending.reorganised.length} of ${SCENES.length}`;
  figures.push(
    figure(`${title}: phases reorganised`, played, "5 of 5", ending.reorganised.length === SCENES.length),
    figure(`${title}: honest bonds, stakes or pay lost`, String(lost(ending)), "0", lost(ending) === 0),
    figure(`${title}: thieves' pay`, String(loot(ending)), "0", loot(ending) === 0n),
    figure(`${title}: intents included twice`, String(ending.sentTwice.length), "0", ending.sentTwice.length === 0),
  );
}
for (const scene of ["disclosure", "reveal"] as const) {
  const title = `planted fault: ${FAULT.confirmations} confirmation, ${FAULT.depth} deep in ${scene}`;
  const ending = await run(title, { ...FAULT, scenes: [scene], reinserts: false });
  figures.push(figure(`${title}: thieves are paid`, loot(ending) > 0n ? "yes" : "no", "yes", loot(ending) > 0n));
}
finishGate({ gate: "anvil", figures, record: values.record });
process.exit();

async function run(title: string, options: Omit<Play, "anvil" | "logOf">): Promise<Ending> {
  const start = performance.now();
  const ending = await play({ ...options, anvil: anvil ?? "", logOf });
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  console.log(
    `${title}: ${ending.blocks} blocks, ${seconds} s; reorganised in ${ending.reorganised.join(", ") || "none"}`,
  );
  for (const call of ending.sentTwice) console.log(`  twice: ${call}`);
  for (const call of ending.failed) console.log(`  failed: ${call}`);
  return ending;
}

function figure(what: string, value: string, target: string, met: boolean): Figure {
  return { what, figure: value, target, met };
}

function paid({ trainers, validators }: Ending): string {
  const unpaid = [...trainers, ...validators].filter((pay) => pay === 0n).length;
  return unpaid === 0 ? "all" : `${unpaid} not`;
}

/** Bonds and stakes that are gone, and honest workers that earned less than without reorganisations. */
function lost({ bondsLost, stakesLost, trainers, validators }: Ending): number {
  const less = (pay: readonly bigint[], before: readonly bigint[]) =>
    pay.filter((amount, place) => amount < (before[place] ?? 0n)).length;
  return bondsLost + stakesLost + less(trainers, calm.trainers) + less(validators, calm.validators);
}

function loot({ thieves }: Ending): bigint {
  return thieves.trainer + thieves.validator;
}
