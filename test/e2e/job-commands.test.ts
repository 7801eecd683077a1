import { expect } from "chai";
import { parseEther } from "ethers";

import { openCommandLine, smallJob, type CommandLine } from "../helpers/command-line.ts";

/** Manifest id of the digits in three equal parts with seed 0; the same on every machine. */
const MANIFEST = "bafybeice4vfxn3qrgr47223fcraejwcrzrzdcav2v3bw5lsvs3ncwyrrca";
const DIGITS = new URL("../../experiments/data/digits", import.meta.url).pathname;

describe("commonweight: data pack, job dry-run, quote, post, list, show, watch, cancel, refund", function () {
  this.timeout(300_000);
  let cli: CommandLine;
  let file: string;
  before(async () => {
    cli = await openCommandLine();
    file = await cli.file("job.yaml", smallJob());
  });
  after(() => cli.close());

  it("packs a data set without a chain, and prints the lines for the job file", async () => {
    const pack = () => cli.json("data", "pack", DIGITS, "--parts", "3", "--rpc", "http://127.0.0.1:1");
    const first = await pack();
    expect(first).to.include({ classes: 10, holdout: 359, manifest: MANIFEST });
    expect(first.parts).to.deep.equal([479, 480, 479]);
    const text = await cli.run("data", "pack", DIGITS, "--partition", "dirichlet", "--alpha", "0.1", "--parts", "3");
    expect(text.out)
      .to.match(/^data:\n {2}manifest: bafy\w+$/m)
      .and.not.to.contain(String(first.manifest));
  });

  it("runs a dry-run round without a chain or a key", async () => {
    const report = await cli.json("job", "dry-run", file, "--engine", "wasm", "--rpc", "http://127.0.0.1:1");
    expect(report).to.include({ engine: "wasm", parameters: 650, partsLeftOut: 0 });
    expect(report.parts).to.have.lengthOf(3);
    expect(Number(report.after)).to.be.greaterThan(Number(report.before) + 1_000);
  });

  it("quotes price list, corruption and warnings", async () => {
    const quote = await cli.json("job", "quote", file);
    expect(quote).to.include({
      reward: parseEther("3").toString(),
      trainers: parseEther("2.55").toString(),
      validatorsPerRound: parseEther("0.225").toString(),
    });
    expect(quote.corruption).to.include({ seats: 3, majority: 2, stakeNeeded: parseEther("1").toString() });
    expect(quote).to.include({ minTrainers: 3, minValidators: 3 });
    expect((await cli.run("job", "quote", file)).out)
      .to.match(/^ {2}starts with 3 trainers and 3 validators;/m)
      .and.to.match(/^ {2}deadline \d{4}-\d\d-\d\d .* UTC, in /m)
      .and.to.match(/0\.225 coins a round for 1 round and one more, which confirms the last$/m);
    expect(String(quote.warnings)).to.contain("fewer than 5 seats").and.to.contain("two committees in a row");
  });

  it("quotes what bad shards of a sealed holdout save, beside what they risk", async () => {
    const job = smallJob().replace("parts: 3}", "parts: 3}, holdout: {kind: sealed}").replace("rounds: 1", "rounds: 2");
    const sealedFile = await cli.file("sealed.yaml", job);
    const { sealed, phases } = await cli.json("job", "quote", sealedFile);
    expect(sealed).to.include({
      shards: 3,
      samplesPerShard: 119,
      openingPeriod: 120,
      bond: parseEther("1.5").toString(),
    });
    expect(phases).to.deep.include({ phase: "opening", seconds: 120 });
    const { out } = await cli.run("job", "quote", sealedFile);
    expect(out)
      .to.match(/^sealed holdout: 3 shards of 119 samples/m)
      .and.to.match(/one of 3.* 33\.3 %.* 0\.85 coins +0\.85 coins +0\.3 of 2$/m)
      .and.to.match(/not opened +the bond, 1\.5 coins/);
  });

  it("posts a job once, shows it, and gives its reward back", async () => {
    const initiator = cli.wallet(0).address;
    const post = (message: string, ...args: string[]) =>
      cli.start(["job", "post", file, "--no-serve", ...cli.as(0), ...args], message);
    const line = await ended(post("job posted"));
    expect(line).to.have.property("paid", "3 coins");
    expect(line).to.include({ jobId: "1", isKnown: false, reward: parseEther("3").toString() });
    expect(line.addresses).to.be.an("array").that.is.not.empty;
    const known = await ended(post("this job was posted before; `--again` posts another one"));
    expect(known).to.include({ jobId: "1", isKnown: true }).and.not.to.have.property("paid");
    expect(await cli.contracts.book.jobCount()).to.equal(1n);
    expect(await ended(post("job posted", "--again"))).to.include({ jobId: "2", isKnown: false });

    const { files } = line as { files: Record<string, string> };
    const shown = await cli.json("job", "show", "1");
    expect(shown).to.include({ jobId: "1", initiator, phase: "waiting", spec: files.spec, model: files.initialModel });
    const listed = await cli.run("job", "list", "--json");
    expect(JSON.parse(listed.out)).to.have.lengthOf(2);

    expect(await cli.json("job", "cancel", "1", ...cli.as(0))).to.include({ closed: true, phase: "closed" });
    const again = await cli.run("job", "cancel", "1", ...cli.as(0));
    expect(again.err).to.contain("JOB_WRONG_PHASE").and.to.contain("`commonweight job refund 1`");
    expect((await cli.run("job", "watch", "1", "--no-models", ...cli.as(0))).out).to.match(
      /next: `commonweight withdraw` pays you 3 coins\n$/,
    );
    expect((await cli.run("job", "watch", "1", "--no-models")).out)
      .to.match(/next: the initiator withdraws 3 coins/)
      .and.to.match(/confirmed +nothing: no round/)
      .and.not.to.match(/validators +\d+ of at least/);
    const refund = await cli.json("job", "refund", "1", ...cli.as(0));
    expect(refund.withdrawn).to.equal(parseEther("3").toString());
    expect((await cli.json("job", "refund", "1", ...cli.as(0))).withdrawn).to.equal("0");

    const watched = await cli.run("job", "watch", "1");
    expect(watched.status).to.equal(0);
    expect(watched.out)
      .to.match(/posted by .* with 3 coins/)
      .and.to.match(/refunded +3 coins/);
    expect(JSON.parse((await cli.run("job", "list", "--open", "--json")).out)).to.have.lengthOf(1);
  });

  async function ended(started: ReturnType<CommandLine["start"]>): Promise<Record<string, unknown>> {
    const { child, line } = await started;
    if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
    return line;
  }
});
