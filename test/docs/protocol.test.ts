import { expect } from "chai";

import { examplesOf, protocolText, runExample } from "../helpers/doc-examples.ts";

/** Minimum number of examples; fewer mean that the parser no longer finds them. */
const LEAST_EXAMPLES = 8;

describe("docs/protocol.md", () => {
  const examples = examplesOf(protocolText());

  it("has examples", () => expect(examples.length).to.be.at.least(LEAST_EXAMPLES));

  for (const [index, example] of examples.entries()) {
    it(`holds under "${example.section}", example ${index + 1}`, async () => {
      expect(example.code).to.contain("assert.");
      await runExample(example);
    });
  }

  it("would not hold with a wrong figure", async () => {
    const right = examples.find(({ section }) => section === "Slashing");
    const wrong = { section: "Slashing", code: right?.code.replace("500n", "501n") ?? "" };
    const outcome = await runExample(wrong).then(
      () => "held",
      () => "refused",
    );
    expect(outcome).to.equal("refused");
  });
});
