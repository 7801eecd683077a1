// Program of `npm run test:access`: prints the matrix's figures and their targets.
import { finishGate, RECORD_OPTION } from "../../../tools/evidence/finish-gate.ts";
import { tryAccess } from "./matrix.ts";

const { functions, roles, stages, cells, granted, unexpected, gaps } = await tryAccess();
for (const line of [...gaps, ...unexpected]) console.log(line);
console.log(`${functions} functions x ${roles} roles x ${stages} stages; ${granted} of the calls succeed`);
finishGate({
  gate: "access",
  figures: [
    {
      what: `unexpected of ${cells.toLocaleString("en")} calls (function x role x stage)`,
      figure: String(unexpected.length),
      target: "0",
      met: unexpected.length === 0,
    },
    {
      what: `functions without a row, of ${functions}; rows without a function`,
      figure: String(gaps.length),
      target: "0",
      met: gaps.length === 0,
    },
  ],
  record: RECORD_OPTION.default,
});
process.exit();
