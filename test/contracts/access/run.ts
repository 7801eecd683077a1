// What `npm run test:access` runs: the matrix, its figures beside the target, exit status 1 where it is missed.
import { tryAccess } from "./matrix.ts";

const { functions, roles, stages, cells, granted, unexpected, gaps } = await tryAccess();
for (const line of [...gaps, ...unexpected]) console.log(line);
console.log(`${functions} functions x ${roles} roles x ${stages} stages: ${cells} cells, ${granted} of them succeed`);
console.log(`${gaps.length} functions or rows without the other (target 0)`);
console.log(`${unexpected.length} unexpected (target 0)`);
process.exit(unexpected.length + gaps.length === 0 ? 0 : 1);
