import { join } from "node:path";

import { expect } from "chai";

import { silentLog } from "../../../trainer/log.ts";
import { makeFolder } from "../../../trainer/make-folder.ts";
import { neighbourAddresses, noteAddresses } from "../../../trainer/cli/wiring/neighbours.ts";
import { temporaryFolders } from "../../helpers/temporary-folders.ts";

const WORKER = "/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWAlice";
const READER = "/ip4/127.0.0.1/tcp/4002/p2p/12D3KooWBob";

describe("the nodes of one data folder", () => {
  const temporary = temporaryFolders();

  it("are known to each other, but no node asks itself at its last address", async () => {
    const folder = temporary();
    for (const [name, address] of [["0xaa", WORKER] as const, ["reader", READER] as const]) {
      makeFolder(join(folder, name, "content"));
      await noteAddresses(join(folder, name, "content"), [address]);
    }
    expect(await neighbourAddresses(folder, silentLog)).to.deep.equal([WORKER, READER]);
    expect(await neighbourAddresses(folder, silentLog, "reader")).to.deep.equal([WORKER]);
  });

  it("are none where there is no data folder yet", async () => {
    expect(await neighbourAddresses(join(temporary(), "absent"), silentLog)).to.deep.equal([]);
  });
});
