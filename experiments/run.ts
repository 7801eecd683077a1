// `npm run experiment -- NAME [OPTION ...]`: runs the study in the folder `studies/NAME`.
import { fileURLToPath } from "node:url";

import { ensureContractsBuilt } from "../bin/install.mjs";
import { loadStudy, studyNames } from "./find-studies.ts";

const STUDIES = fileURLToPath(new URL("studies", import.meta.url));

const [name = "", ...argv] = process.argv.slice(2);
const names = studyNames(STUDIES);
if (names.includes(name)) {
  ensureContractsBuilt();
  await (await loadStudy(STUDIES, name)).run(argv);
} else {
  console.error(name === "" ? "experiment: no study given; studies:" : `experiment: unknown study ${name}; studies:`);
  const width = Math.max(...names.map(({ length }) => length));
  for (const one of names) console.error(`  ${one.padEnd(width)}  ${(await loadStudy(STUDIES, one)).summary}`);
  process.exitCode = 2;
}
