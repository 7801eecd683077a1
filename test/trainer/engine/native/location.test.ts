import { join } from "node:path";

import { expect } from "chai";

import { enginesFolder, installedTfjsNode, tfjsNodeFolder } from "../../../../trainer/engine/native/location.ts";

describe("the folder of engines", () => {
  it("is what COMMONWEIGHT_ENGINE_DIR names, else one of the user's data that no working directory changes", () => {
    expect(enginesFolder({ COMMONWEIGHT_ENGINE_DIR: "/data/engines" })).to.equal("/data/engines");
    for (const unset of [{}, { COMMONWEIGHT_ENGINE_DIR: "" }]) {
      expect(enginesFolder(unset)).to.match(/commonweight.engines$/);
      expect(enginesFolder(unset)).to.not.contain(process.cwd());
    }
  });

  it("has one folder a version, platform and processor, and none before an installation", () => {
    const folder = tfjsNodeFolder("/data/engines");
    expect(folder).to.equal(join("/data/engines", `tfjs-node-4.22.0-${process.platform}-${process.arch}`));
    expect(installedTfjsNode("/data/engines")).to.equal(undefined);
  });
});
