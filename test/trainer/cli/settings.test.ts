import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect } from "chai";
import { getAddress } from "ethers";

import { CommonweightError } from "@commonweight/sdk/errors";
import { parseCommonOptions, wantsJson } from "../../../trainer/cli/options/options.ts";
import { SETTINGS } from "../../../trainer/cli/options/settings.ts";
import { keySourceOf } from "../../../trainer/cli/wiring/keys.ts";
import { temporaryFolders } from "../../helpers/temporary-folders.ts";

const VARIABLES = SETTINGS.flatMap(({ variable }) => variable ?? []).concat("COMMONWEIGHT_CONFIG");
const ALICE = "/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWAlice";
const BOB = "/ip4/192.0.2.2/tcp/4001/p2p/12D3KooWBob";

describe("the settings of every command", () => {
  const makeFolder = temporaryFolders();
  const before = new Map(VARIABLES.map((name) => [name, process.env[name]]));
  beforeEach(() => VARIABLES.forEach((name) => Reflect.deleteProperty(process.env, name)));
  after(() => before.forEach((value, name) => value !== undefined && (process.env[name] = value)));

  function config(text: string): string {
    const path = join(makeFolder(), "commonweight.yaml");
    writeFileSync(path, text);
    return path;
  }

  it("have defaults", () => {
    expect(parseCommonOptions({})).to.deep.equal({
      ...{ rpc: ["http://127.0.0.1:8545"], deployment: "deployments/local.json", dataDir: resolve(".commonweight") },
      ...{ keyFile: undefined, keystore: undefined, passwordFile: undefined, listen: undefined, logLevel: undefined },
      kubo: undefined,
      ...{ mostJobs: undefined, minReward: "0", rewardToken: "native", maxModelBytes: undefined, initiators: [] },
      ...{ bootstrap: [], fetchTimeout: 30_000, json: false, quiet: false },
    });
  });
  it("come from flags first, then from variables, then from the configuration file", () => {
    process.env.COMMONWEIGHT_CONFIG = config("listen: /ip4/0.0.0.0/tcp/1\nfetchTimeout: 7\nquiet: true\n");
    expect(parseCommonOptions({})).to.include({ listen: "/ip4/0.0.0.0/tcp/1", fetchTimeout: 7_000, quiet: true });
    process.env.COMMONWEIGHT_LISTEN = "/ip4/0.0.0.0/tcp/2";
    expect(parseCommonOptions({})).to.include({ listen: "/ip4/0.0.0.0/tcp/2", fetchTimeout: 7_000 });
    const listen = "/ip4/0.0.0.0/tcp/3";
    expect(parseCommonOptions({ listen })).to.include({ listen, fetchTimeout: 7_000 });
  });
  it("count an empty variable as unset, each of them", () => {
    const unset = parseCommonOptions({});
    for (const value of ["", "  "]) {
      for (const name of VARIABLES) process.env[name] = value;
      expect(parseCommonOptions({})).to.deep.equal(unset);
    }
    process.env.COMMONWEIGHT_BOOTSTRAP = " , ,";
    expect(parseCommonOptions({})).to.deep.equal(unset);
  });
  it("have lists without spaces, trailing commas and empty entries", () => {
    process.env.COMMONWEIGHT_BOOTSTRAP = ` ${ALICE} ,, ${BOB}, `;
    process.env.COMMONWEIGHT_RPC = "http://one,  http://two,";
    expect(parseCommonOptions({})).to.deep.include({ bootstrap: [ALICE, BOB], rpc: ["http://one", "http://two"] });
  });
  it("start the paths of a configuration file at its folder", () => {
    const path = config("deployment: market.json\nkeyFile: keys/one\ndataDir: /var/lib/cw\n");
    const folder = resolve(path, "..");
    expect(parseCommonOptions({ config: path })).to.include({
      ...{ deployment: join(folder, "market.json"), keyFile: join(folder, "keys/one"), dataDir: "/var/lib/cw" },
    });
  });
  it("say which jobs a worker takes by itself, and name every bad value", () => {
    const address = `0x${"ab".repeat(20)}`;
    const path = config(
      `mostJobs: 3\nminReward: 5\nrewardToken: "${address}"\nmaxModelBytes: 1000000\ninitiators: ["${address}"]\n`,
    );
    expect(parseCommonOptions({ config: path })).to.deep.include({
      ...{ mostJobs: 3, minReward: "5", rewardToken: address, maxModelBytes: 1_000_000 },
      initiators: [getAddress(address)],
    });
    const bad = `mostJobs: 0\nminReward: much\nrewardToken: ${address}\nmaxModelBytes: 1.5\ninitiators: ["0x12"]\n`;
    const error = failure({ config: config(bad) });
    expect(error.code).to.equal("OPTIONS_INVALID");
    for (const key of ["mostJobs", "minReward", "rewardToken", "maxModelBytes", "initiators"]) {
      expect(error.message).to.match(new RegExp(`^${key} in .*commonweight\\.yaml: `, "m"));
    }
    expect(failure({ mostJobs: "65" }).message).to.match(/^--most-jobs: expected a whole number, 1 to 64$/m);
  });
  it("make the data folder's path absolute, whatever its name", () => {
    for (const dataDir of ["file:zz", "a b", "#1", "100%"]) {
      expect(parseCommonOptions({ dataDir }).dataDir).to.equal(resolve(dataDir));
    }
  });
  it("are refused all together, each by its flag, variable or key", () => {
    process.env.COMMONWEIGHT_FETCH_TIMEOUT = "soon";
    const error = failure({ keystore: "", config: config("logLevel: loud\nfetchTimeout: 3\n") });
    expect(error.code).to.equal("OPTIONS_INVALID");
    expect(error.message).to.match(/^--keystore: the path is empty$/m);
    expect(error.message).to.match(/^COMMONWEIGHT_FETCH_TIMEOUT: expected whole seconds/m);
    expect(error.message).to.match(/^logLevel in .*commonweight\.yaml: /m);
    expect(failure({ dataDir: "a\0b" }).code).to.equal("OPTIONS_INVALID");
  });
  it("are refused where the configuration file is missing, no YAML or has other keys", () => {
    expect(failure({ config: "nowhere.yaml" }).code).to.equal("CONFIG_UNREADABLE");
    const folder = join(makeFolder(), "folder");
    mkdirSync(folder);
    expect(failure({ config: folder }).code).to.equal("CONFIG_UNREADABLE");
    for (const text of ["rpc: [", "- rpc", "bootstraps: x", "rpc: {a: 1}", "quiet: yes", "rpc: &a x\nlisten: *a"]) {
      expect(failure({ config: config(text) }).code, text).to.equal("CONFIG_INVALID");
    }
    const utf16 = config("");
    writeFileSync(utf16, Buffer.from("quiet: true", "utf16le"));
    expect(failure({ config: utf16 }).code).to.equal("CONFIG_INVALID");
    expect(parseCommonOptions({ config: config("") }).quiet).to.equal(false);
    expect(parseCommonOptions({ config: config("\uFEFFquiet: true") }).quiet).to.equal(true);
  });

  describe("of the key", () => {
    const sourceOf = (flags: object) => keySourceOf(parseCommonOptions({ ...flags }));
    const codeOf = (flags: object) => codeIn(() => sourceOf(flags));

    it("come from the command line alone where it has any", () => {
      process.env.COMMONWEIGHT_KEYSTORE = "a.json";
      process.env.COMMONWEIGHT_PASSWORD_FILE = "pw";
      expect(sourceOf({})).to.deep.equal({ kind: "keystore", path: "a.json", passwordPath: "pw" });
      expect(sourceOf({ keyFile: "other" })).to.deep.equal({ kind: "raw", path: "other" });
      process.env.COMMONWEIGHT_KEY_FILE = "third";
      expect(sourceOf({ keyFile: "other" })).to.deep.equal({ kind: "raw", path: "other" });
    });
    it("come from the environment alone where a configuration file has others", () => {
      process.env.COMMONWEIGHT_KEY_FILE = "k1";
      const path = config("keystore: a.json\npasswordFile: pw\n");
      expect(sourceOf({ config: path })).to.deep.equal({ kind: "raw", path: "k1" });
    });
    it("are refused as half of a pair, never completed from elsewhere", () => {
      process.env.COMMONWEIGHT_KEY_FILE = "k1";
      expect(codeOf({ keystore: "mine.json" })).to.equal("KEY_MISSING");
      expect(codeOf({ passwordFile: "pw" })).to.equal("KEY_MISSING");
      delete process.env.COMMONWEIGHT_KEY_FILE;
      process.env.COMMONWEIGHT_PASSWORD_FILE = "pw";
      expect(codeOf({})).to.equal("KEY_MISSING");
      expect(codeOf({ keystore: "mine.json" })).to.equal("KEY_MISSING");
    });
    it("are refused as two kinds of key on one level", () => {
      expect(codeOf({ keyFile: "k1", keystore: "a", passwordFile: "pw" })).to.equal("KEY_AMBIGUOUS");
      expect(codeOf({ keyFile: "k1", keystore: "a" })).to.equal("KEY_AMBIGUOUS");
      expect(codeOf({ keyFile: "k1", passwordFile: "pw" })).to.equal("KEY_AMBIGUOUS");
    });
    it("may be absent", () => expect(sourceOf({})).to.equal(undefined));
  });

  it("ask for JSON before they are parsed, but not behind a double hyphen", () => {
    expect(wantsJson(["job", "--json"])).to.equal(true);
    expect(wantsJson(["job", "--", "--json"])).to.equal(false);
    expect(wantsJson([])).to.equal(false);
  });

  function failure(flags: Readonly<Record<string, unknown>>): CommonweightError {
    try {
      parseCommonOptions(flags);
    } catch (error) {
      if (error instanceof CommonweightError) return error;
      throw error;
    }
    throw new Error("expected an error");
  }
});

function codeIn(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CommonweightError) return error.code;
    throw error;
  }
  return "no error";
}
