import { expect } from "chai";
import { CommonweightError } from "@commonweight/sdk/errors";
import { openEngine, type EngineOpeners } from "../../../trainer/engine/open-engine.ts";
import type { Engine } from "../../../trainer/engine/port.ts";
import { openTfjsNodeEngine } from "../../../trainer/engine/tfjs-node.ts";
import { codeOf } from "./engine-contract.ts";

function fakeEngine(name: Engine["name"], reason: string): Engine {
  const unused = (): Promise<never> => Promise.reject(new Error("not part of this test"));
  return { name, version: "none", reason, train: unused, evaluate: unused, predict: unused };
}

const both: EngineOpeners = {
  wasm: (reason) => Promise.resolve(fakeEngine("wasm", reason)),
  "tfjs-node": (reason) => Promise.resolve(fakeEngine("tfjs-node", reason)),
};

function failing(error: Error): EngineOpeners {
  return { ...both, "tfjs-node": () => Promise.reject(error) };
}

const absent = new CommonweightError("ENGINE_UNAVAILABLE", "It is not installed.", "Install it.");

describe("choice of the engine", () => {
  it("is an error if tfjs-node is requested and does not load", async () => {
    expect(await codeOf(openEngine("tfjs-node", failing(absent)))).to.equal("ENGINE_UNAVAILABLE");
  });

  it("auto hides no defect of tfjs-node's adapter", async () => {
    const defect = new TypeError("defect");
    expect(await openEngine("auto", failing(defect)).catch((error: unknown) => error)).to.equal(defect);
  });

  it("auto takes tfjs-node where it loads, and WASM where it does not, and says why", async () => {
    expect((await openEngine("auto", both)).name).to.equal("tfjs-node");
    const engine = await openEngine("auto", failing(absent));
    expect(engine.name).to.equal("wasm");
    expect(engine.reason).to.contain("It is not installed.");
  });

  it("follows an explicit choice", async () => {
    expect((await openEngine("wasm", both)).name).to.equal("wasm");
    expect((await openEngine("tfjs-node", both)).name).to.equal("tfjs-node");
  });
});

describe("tfjs-node's adapter", () => {
  it("throws ENGINE_UNAVAILABLE with the cause if the package does not load", async () => {
    const cause = new Error("The library is missing.\nLong advice.");
    const error: unknown = await openTfjsNodeEngine("test", () => Promise.reject(cause)).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(CommonweightError);
    expect(error).to.include({ code: "ENGINE_UNAVAILABLE", cause });
    expect(String(error)).to.contain("The library is missing.").and.not.contain("Long advice.");
  });

  it("throws the same error if the library does not start", async () => {
    const module = { enableProdMode: () => undefined, setBackend: () => Promise.resolve(false) };
    expect(await codeOf(openTfjsNodeEngine("test", () => Promise.resolve({ default: module })))).to.equal(
      "ENGINE_UNAVAILABLE",
    );
  });
});
