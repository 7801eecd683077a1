import { expect } from "chai";

import { ciSteps } from "../../tools/ci/steps.ts";
import { GATES } from "../../tools/evidence/gates.ts";
import { commandsOf, NOT_RUN, readmeText, RUN_BY_TEST, RUN_ELSEWHERE } from "../helpers/readme-commands.ts";

/** Commands that nothing runs and no reason is given for, and entries of the lists that the page does not have. */
function gaps(page: string) {
  const commands = commandsOf(page);
  const known = [...RUN_BY_TEST, ...Object.keys(RUN_ELSEWHERE), ...Object.keys(NOT_RUN)];
  return {
    unknown: commands.filter((command) => !known.includes(command)),
    gone: known.filter((command) => !commands.includes(command)),
    twice: known.filter((command, place) => known.indexOf(command) !== place),
  };
}

describe("README.md", () => {
  const page = readmeText();

  it("has only commands that a test, a step or a gate runs, or that are named as not run", () => {
    expect(gaps(page)).to.deep.equal({ unknown: [], gone: [], twice: [] });
    for (const [command, reason] of Object.entries(NOT_RUN)) console.log(`NOT RUN: ${command}: ${reason}`);
  });

  it("names steps and gates that exist", () => {
    const names = [...ciSteps("").map(({ name }) => name), ...GATES.map(({ name }) => name)];
    expect(Object.values(RUN_ELSEWHERE).filter((name) => !names.includes(name))).to.deep.equal([]);
  });

  it("would not pass with another command, in a block, in a table or broken over two lines", () => {
    const more = ["    npx commonweight fly # away", "| `npm run fly` | x |", "see `npm run\nfly -- --high`"].join(
      "\n\n",
    );
    expect(gaps(`${page}\n\n${more}\n`).unknown).to.deep.equal([
      "npx commonweight fly",
      "npm run fly",
      "npm run fly -- --high",
    ]);
  });
});
