import { expect } from "chai";

import { parseCommonOptions } from "../../../trainer/cli/options/options.ts";
import { refusalOf } from "../../helpers/refusals.ts";

const DEFAULTS = { deployment: "d", dataDir: "d", fetchTimeout: "30", json: false, quiet: false };

function parsed(values: Readonly<Record<string, unknown>>) {
  return parseCommonOptions({ ...DEFAULTS, ...values });
}

describe("--kubo", () => {
  it("takes the address of a daemon's RPC API, with or without its path", () => {
    for (const [text, origin] of [
      ["http://127.0.0.1:5001", "http://127.0.0.1:5001"],
      ["http://127.0.0.1:5001/api/v0/", "http://127.0.0.1:5001"],
      ["https://ipfs.example.org", "https://ipfs.example.org"],
      ["http://[::1]:5001/", "http://[::1]:5001"],
    ]) {
      expect(parsed({ kubo: text }).kubo).to.equal(origin);
    }
    expect(parsed({}).kubo).to.equal(undefined);
  });

  for (const text of [
    "",
    "127.0.0.1:5001",
    "localhost:5001",
    "/ip4/127.0.0.1/tcp/5001",
    "ftp://127.0.0.1:5001",
    "http://",
    "http://user:secret@127.0.0.1:5001",
    "http://127.0.0.1:5001/ipfs/",
    "http://127.0.0.1:5001/?a=b",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, async () => {
      expect(await refusalOf(() => parsed({ kubo: text }))).to.equal("OPTIONS_INVALID");
    });
  }

  it("does not print a password", () => {
    expect(() => parsed({ kubo: "http://user:secret@127.0.0.1:5001" })).to.throw(/^(?!.*secret)/s);
  });

  it("refuses --listen beside it: the daemon listens by its own configuration", async () => {
    const listen = "/ip4/127.0.0.1/tcp/4001";
    expect(await refusalOf(() => parsed({ kubo: "http://127.0.0.1:5001", listen }))).to.equal("OPTIONS_INVALID");
    expect(parsed({ listen }).listen).to.equal(listen);
  });
});
