import { expect } from "chai";

import { lazyEngine } from "../../../trainer/engine/lazy-engine.ts";
import { openWasmEngine } from "../../../trainer/engine/wasm.ts";
import { PROBE_CASES } from "../../../trainer/engine/probe/cases.ts";
import { caseDigests } from "../../../trainer/engine/probe/case-digests.ts";
import { PROBE_DIGESTS } from "../../../trainer/engine/probe/digests.ts";
import { never } from "./engine-contract.ts";

describe("lazy engine", function () {
  this.timeout(30_000);
  const facts = { name: "wasm", version: "as probed", reason: "It is embedded." } as const;
  const [first] = PROBE_CASES;
  if (first === undefined) throw new RangeError("the probe has no case");

  it("is known before it is open, and opens once for all its work", async () => {
    let opened = 0;
    const engine = lazyEngine(facts, () => {
      opened++;
      return openWasmEngine();
    });
    expect(engine).to.include(facts);
    expect(opened).to.equal(0);
    const [once, again] = await Promise.all([caseDigests(engine, first, never), caseDigests(engine, first, never)]);
    expect(opened).to.equal(1);
    expect([once, again]).to.deep.equal([PROBE_DIGESTS.linear, PROBE_DIGESTS.linear]);
  });

  it("gives the error of opening to the work, and opens again for the next", async () => {
    let opened = 0;
    const engine = lazyEngine(facts, async () => {
      if (++opened === 1) throw new Error("no memory");
      return openWasmEngine();
    });
    const failure = await caseDigests(engine, first, never).catch((error: unknown) => error);
    expect(failure).to.include({ message: "no memory" });
    expect(await caseDigests(engine, first, never)).to.deep.equal(PROBE_DIGESTS.linear);
    expect(opened).to.equal(2);
  });
});
