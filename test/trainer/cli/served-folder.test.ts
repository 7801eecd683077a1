import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { readServedFolder } from "../../../trainer/cli/inputs/served-folder.ts";
import { fetchLine, invitationLines, isLoopbackOnly } from "../../../trainer/cli/text/invitation.ts";
import { parseCommonOptions } from "../../../trainer/cli/options/options.ts";
import { refusalOf } from "../../helpers/refusals.ts";
import { temporaryFolders } from "../../helpers/temporary-folders.ts";

const market = `0x${"ab".repeat(20)}`;

describe("a folder that is served", () => {
  const newFolder = temporaryFolders();

  it("is refused if it does not exist, is a file, or has nothing to serve", async () => {
    const folder = newFolder();
    expect(await refusalOf(() => readServedFolder(join(folder, "none")))).to.equal("CONTENT_FOLDER_MISSING");
    expect(await refusalOf(() => readServedFolder(folder))).to.equal("CONTENT_FOLDER_EMPTY");
    await writeFile(join(folder, ".hidden"), "x");
    await symlink("/etc/hostname", join(folder, "link"));
    expect(await refusalOf(() => readServedFolder(folder))).to.equal("CONTENT_FOLDER_EMPTY");
    expect(await refusalOf(() => readServedFolder(join(folder, ".hidden")))).to.equal("CONTENT_FOLDER_MISSING");
  });

  it("is served with its subfolders, and meets the jobs that its models name", async () => {
    const folder = newFolder();
    await mkdir(join(folder, "round-1", "content"), { recursive: true });
    const userDefinedMetadata = { chain: "31337", market, job: "7" };
    await writeFile(join(folder, "round-1", "model.json"), JSON.stringify({ userDefinedMetadata }));
    await writeFile(join(folder, "round-1", "content", "bafy"), "bytes");
    await mkdir(join(folder, "round-2"));
    await writeFile(join(folder, "round-2", "model.json"), "{ not JSON");
    const { files, topics } = await readServedFolder(folder);
    expect(files.map(({ path }) => path.slice(folder.length + 1))).to.deep.equal([
      ...["round-1/content/bafy", "round-1/model.json", "round-2/model.json"],
    ]);
    expect(topics).to.deep.equal([`commonweight/31337/${market}/7`]);
  });
});

describe("the lines that others type", () => {
  const terms = `0x${"12".repeat(32)}`;
  const addresses = ["/ip4/127.0.0.1/tcp/1/p2p/me", "/ip4/192.0.2.1/tcp/1/p2p/me"];
  const linesFor = (rpc: string) =>
    invitationLines(
      { jobId: 7n, terms, addresses, stake: "0.5" },
      parseCommonOptions({
        rpc: [rpc],
        deployment: "d.json",
        dataDir: "x",
        fetchTimeout: "1",
        json: false,
        quiet: false,
      }),
    );

  it("have the terms, the deployment and an address that other machines reach", () => {
    const { trainer, validator, stake, model } = linesFor("http://127.0.0.1:8545");
    const meet = "--rpc http://127.0.0.1:8545 --deployment d.json --bootstrap /ip4/192.0.2.1/tcp/1/p2p/me";
    expect(trainer).to.equal(`commonweight trainer run --job 7 --terms ${terms} ${meet}`);
    expect(validator).to.equal(`commonweight validator run --job 7 --terms ${terms} ${meet}`);
    expect(stake).to.equal("commonweight stake 0.5 --rpc http://127.0.0.1:8545 --deployment d.json");
    expect(model).to.equal(`commonweight model fetch 7 ${meet}`);
    expect(isLoopbackOnly(addresses)).to.equal(false);
    expect(isLoopbackOnly(addresses.slice(0, 1))).to.equal(true);
  });

  it("never have an RPC URL that may hold a key", () => {
    for (const url of [
      "https://rpc.example/v2/SECRET",
      "http://user:SECRET@127.0.0.1:8545",
      "http://127.0.0.1?k=SECRET",
    ]) {
      expect(Object.values(linesFor(url)).join())
        .to.contain("--rpc RPC_URL")
        .and.not.to.contain("SECRET");
    }
    const common = { rpc: ["http://127.0.0.1:1"], deployment: "d", dataDir: "x", fetchTimeout: "1" };
    const options = parseCommonOptions({ ...common, bootstrap: [], json: false, quiet: false });
    expect(fetchLine(7n, options)).to.contain("--bootstrap ADDRESS");
  });
});
