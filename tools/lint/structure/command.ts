// Prints figures about the structure of the sources, and fails if one exceeds its limit. Part of `npm run lint`.
import { ROOT } from "../../programs/run-tool.ts";
import { formatFigure, measureStructure } from "./figures.ts";
import { readSourceTree } from "./source-tree.ts";

const figures = await measureStructure(readSourceTree(ROOT));
for (const figure of figures) console.log(formatFigure(figure).replaceAll(/^/gm, "         "));
if (figures.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
