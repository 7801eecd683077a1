import { join } from "node:path";

import { expect } from "chai";
import { parseEther } from "ethers";

import { startLocalChain } from "../../trainer/local-chain/local-chain.ts";
import { serialiseDeployment } from "@commonweight/sdk/chain/deployment";
import { openCommandLine, smallJob, type CommandLine, type Run } from "../helpers/command-line.ts";
import { deployFeeToken } from "../helpers/fee-token.ts";

/** A valid content id that no peer serves. */
const NOBODYS = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
const BILLION = "model: {layers: [{type: dense, units: 1000000000, activation: softmax}]}";
const LAMBDA = "model: {layers: [{type: lambda}]}";

interface BadInput {
  readonly what: string;
  readonly code: string;
  readonly args: (cli: CommandLine) => readonly string[] | Promise<readonly string[]>;
}

const job = async (cli: CommandLine, name: string, text: string) => [
  ...["job", "post", await cli.file(`${name}.yaml`, text), "--no-serve"],
  ...cli.as(0),
];
const reward = (token: string) => smallJob().replace("reward: 3", `reward: 3, token: "${token}"`);

const BAD_INPUTS: readonly BadInput[] = [
  { what: "a command that is not there", code: "USAGE", args: () => ["frobnicate"] },
  { what: "an option that is not there", code: "USAGE", args: () => ["job", "list", "--frob"] },
  { what: "a job that is no number", code: "OPTIONS_INVALID", args: () => ["job", "show", "one"] },
  { what: "a job that is not there", code: "JOB_UNKNOWN", args: () => ["job", "show", "99"] },
  { what: "a round that is not there", code: "JOB_ROUND_UNKNOWN", args: () => ["explain", "1", "--round", "7"] },
  { what: "no key", code: "KEY_MISSING", args: () => ["stake", "1"] },
  { what: "a key that is not there", code: "KEY_FILE_MISSING", args: () => ["stake", "1", "--key-file", "nowhere"] },
  {
    what: "a key that others can read",
    code: "KEY_FILE_SHARED",
    args: async (cli) => ["stake", "1", "--key-file", await cli.file("shared", cli.wallet(1).privateKey, 0o644)],
  },
  {
    what: "a key that is none",
    code: "KEY_FILE_INVALID",
    args: async (cli) => ["stake", "1", "--key-file", await cli.file("garbage", "not a key")],
  },
  { what: "another's job", code: "JOB_NOT_INITIATOR", args: (cli) => ["job", "cancel", "1", ...cli.as(3)] },
  { what: "cancelling a closed job", code: "JOB_WRONG_PHASE", args: (cli) => ["job", "cancel", "1", ...cli.as(0)] },
  { what: "a refund of a job that goes on", code: "JOB_NOT_OVER", args: (cli) => ["job", "refund", "2", ...cli.as(0)] },
  { what: "too little stake", code: "STAKE_TOO_LITTLE", args: (cli) => ["thaw", "5", ...cli.as(3)] },
  { what: "a stake of nothing", code: "STAKE_ZERO", args: (cli) => ["stake", "0", ...cli.as(4)] },
  { what: "no amount", code: "MONEY_INVALID", args: (cli) => ["stake", "much", ...cli.as(3)] },
  { what: "more coins than there are", code: "CHAIN_FUNDS", args: (cli) => ["stake", "1000000", ...cli.as(4)] },
  {
    what: "a token that is none",
    code: "TOKEN_INVALID",
    args: (cli) => ["stake", "1", "--token", cli.deployment.panel, ...cli.as(3)],
  },
  {
    what: "an unfunded job",
    code: "TOKEN_BALANCE",
    args: async (cli) => job(cli, "unfunded", reward(await deployFeeToken(cli.wallet(20), 1n))),
  },
  {
    what: "a token that takes a fee",
    code: "TOKEN_INEXACT",
    args: async (cli) => [
      ...["stake", "1", "--token", await deployFeeToken(cli.wallet(5), parseEther("9"))],
      ...cli.as(5),
    ],
  },
  {
    what: "an unreachable chain",
    code: "CHAIN_UNREACHABLE",
    args: () => ["job", "list", "--rpc", "http://127.0.0.1:1"],
  },
  { what: "an endpoint that is no address", code: "CHAIN_URL_INVALID", args: () => ["job", "list", "--rpc", "here"] },
  {
    what: "the wrong chain id",
    code: "CHAIN_WRONG_ID",
    args: async (cli) => {
      const text = serialiseDeployment({ ...cli.deployment, chainId: 5n });
      return ["job", "list", "--deployment", await cli.file("elsewhere.json", text)];
    },
  },
  {
    what: "a deployment that is not there",
    code: "DEPLOYMENT_MISSING",
    args: () => ["job", "list", "--deployment", "nowhere.json"],
  },
  {
    what: "a chain without the contracts",
    code: "DEPLOYMENT_ABSENT",
    args: async (cli) => {
      const text = serialiseDeployment({ ...cli.deployment, market: cli.wallet(30).address });
      return ["job", "list", "--deployment", await cli.file("absent.json", text)];
    },
  },
  { what: "a job file that is not there", code: "JOB_FILE_UNREADABLE", args: () => ["job", "quote", "nowhere.yaml"] },
  {
    what: "a job file with mistakes",
    code: "JOB_FILE_INVALID",
    args: (cli) => job(cli, "mistaken", smallJob("epochs: 3")),
  },
  {
    what: "a layer outside the allow-list",
    code: "JOB_FILE_INVALID",
    args: (cli) => job(cli, "lambda", smallJob().replace("model: linear", LAMBDA)),
  },
  {
    what: "a billion units",
    code: "JOB_FILE_INVALID",
    args: (cli) => job(cli, "billion", smallJob().replace("model: linear", BILLION)),
  },
  {
    what: "a price list below the initial model",
    code: "JOB_FILE_INVALID",
    args: (cli) => job(cli, "cheap", smallJob().replace("reward: 3", "reward: 3, milestones: [[0.01, 0], [0.9, 1]]")),
  },
  {
    what: "a content id nobody serves",
    code: "CONTENT_UNAVAILABLE",
    args: async (cli) => [
      ...["job", "quote", "--fetch-timeout", "1"],
      await cli.file("unserved.yaml", smallJob().replace(/data: .*/, `data: {manifest: ${NOBODYS}}`)),
    ],
  },
  { what: "a folder that is not there", code: "DATASET_FOLDER_MISSING", args: () => ["data", "pack", "nowhere"] },
  {
    what: "a data folder that is a file",
    code: "FILE_ENOTDIR",
    args: async (cli) => ["stake", "1", ...cli.as(3), "--data-dir", join(await cli.file("plain", ""), "data")],
  },
  {
    what: "a model of a job without one",
    code: "MODEL_NOT_RELEASED",
    args: () => ["model", "fetch", "1", "--round", "1"],
  },
];

describe("commonweight: bad input", function () {
  this.timeout(60_000);
  let cli: CommandLine;
  const runs = new Map<string, Promise<Run>>();
  before(async () => {
    cli = await openCommandLine();
    // Posts two jobs: job 1 is then cancelled, which closes it, and job 2 stays open.
    for (const again of [[], ["--again"]]) {
      await cli.run("job", "post", await cli.file("job.yaml", smallJob()), "--no-serve", ...again, ...cli.as(0));
    }
    await cli.run("job", "cancel", "1", ...cli.as(0));
    expect(await cli.contracts.book.jobCount()).to.equal(2n);
    // Two at a time, because starting the program takes most of the time.
    const lanes: [Promise<unknown>, Promise<unknown>] = [Promise.resolve(), Promise.resolve()];
    for (const { what, args, lane } of BAD_INPUTS.map((input, index) => ({ lane: laneOf(input, index), ...input }))) {
      const run = lanes[lane].then(async () => cli.run(...(await args(cli))));
      runs.set(what, run);
      lanes[lane] = run.catch(() => undefined);
    }
  });
  after(() => cli.close());

  for (const { what, code } of BAD_INPUTS) {
    it(`refuses ${what}: ${code}`, async () => {
      expectRefusal(await runs.get(what), code);
    });
  }

  it("refuses test coins on a chain that is not local: FAUCET_NOT_LOCAL", async () => {
    const other = await startLocalChain({ chainId: 4_242 });
    try {
      expectRefusal(await cli.run("faucet", "--rpc", other.url, ...cli.as(1)), "FAUCET_NOT_LOCAL");
    } finally {
      await other.stop();
    }
  });

  it("prints a contract's amounts in coins, and exactly with --json", async () => {
    const { err } = (await runs.get("too little stake")) ?? { err: "" };
    expect(err).to.contain("is 0 coins, needed are 5 coins; missing: 5 coins");
    const exact = JSON.parse((await cli.run("thaw", "5", "--json", ...cli.as(3))).err) as { readonly amounts: unknown };
    const five = parseEther("5").toString();
    expect(exact.amounts).to.deep.equal({ actual: "0", needed: five, missing: five });
  });

  it("prints errors as JSON with --json", async () => {
    const { status, err } = await cli.run("job", "show", "99", "--json");
    expect(status).to.equal(1);
    expect(JSON.parse(err)).to.include({ error: "JOB_UNKNOWN" }).and.to.have.property("hint");
  });
});

/** Runs with the same key stay in one lane, because a journal admits one process at a time. */
function laneOf({ args }: BadInput, index: number): 0 | 1 {
  return /as\(|job\(/.test(args.toString()) || index % 5 === 0 ? 0 : 1;
}

/** Asserts one error with code and hint, no stack trace, and exit status 1. */
function expectRefusal(run: Run | undefined, code: string): void {
  const { status, err } = run ?? { status: null, err: "" };
  expect(err, err).to.match(new RegExp(`^error ${code}: `, "m"));
  expect(err.match(/^error /gm)).to.have.lengthOf(1);
  expect(err).to.match(/\n {2}\S/);
  expect(err).not.to.match(/^\s+at /m);
  expect(status).to.equal(1);
}
