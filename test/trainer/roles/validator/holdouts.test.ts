import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { ZeroHash } from "ethers";

import { holdoutSecrets } from "@commonweight/sdk/protocol/holdout-keys";
import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import { loadDataSetFolder } from "../../../../trainer/data/folders/data-set-folder.ts";
import { fetchHoldout, publishDataSet } from "../../../../trainer/data/data-set.ts";
import { planDataSet, selectSamples } from "../../../../trainer/data/split.ts";
import { silentLog } from "../../../../trainer/log.ts";
import type { Samples } from "../../../../trainer/model/tensors.ts";
import { openHoldouts, type Holdouts } from "../../../../trainer/roles/validator/holdouts.ts";
import { weightsJob } from "../weights-job.ts";
import { MemoryStore } from "../../../helpers/memory-store.ts";

const DIGITS = fileURLToPath(new URL("../../../../experiments/data/digits", import.meta.url));
const { signal } = new AbortController();
const SECRETS = holdoutSecrets(`0x${"5".repeat(64)}`);
const SHARDS = 4;
/** The public shard, then that of each round, by its number. */
const ORDER = [3, 2, 0, 1];

describe("a validator's samples", () => {
  let shards: readonly Samples[];
  let common: Samples;
  let keys: readonly string[];
  /** Which shard each round drew. */
  let drawn: readonly number[];
  /** Rounds whose shard is opened, and with which key. */
  let opened: Map<number, string>;
  let holdouts: Holdouts;

  before(async () => {
    const data = await loadDataSetFolder(DIGITS);
    const sealed = { share: 0.2, shards: SHARDS };
    const rule = { kind: "iid" } as const;
    const plan = planDataSet(data.samples.labels, { parts: 3, rule, holdoutShare: 0.1, sealed, seed: "1" });
    const content = new MemoryStore();
    const { manifest } = await publishDataSet(content, { data, plan, secrets: SECRETS }, signal);
    keys = SECRETS.keysFor(manifest.sealed?.seal ?? "", SHARDS);
    shards = plan.shards.map((indices) => selectSamples(data.samples, indices));
    common = await fetchHoldout(content, manifest, signal);
    const book = {
      shardOf: (_job: bigint, round: number) => Promise.resolve(BigInt(drawn[round] ?? 0)),
      holdoutKeyOf: (_job: bigint, round: number) => Promise.resolve(opened.get(round) ?? ZeroHash),
    };
    const params = { holdout: "sealed" } as JobParams;
    holdouts = await openHoldouts(
      { content, log: silentLog, contracts: { book } },
      {},
      { jobId: 1n, manifest, params, spec: weightsJob().spec },
      signal,
    );
  });

  beforeEach(() => (drawn = ORDER));

  /** A view of round `roundNumber`, whose shard is open unless `opens` is false. */
  function viewOf(roundNumber: number, pendingRound: number, opens = true) {
    opened = new Map([1, 2, 3].slice(0, roundNumber).map((round) => [round, keyOf(round)]));
    if (!opens) opened.delete(roundNumber);
    const round = { holdoutKey: opened.get(roundNumber) };
    return { jobId: 1n, block: 1, roundNumber, pendingRound, round };
  }

  function keyOf(round: number): string {
    return keys[drawn[round] ?? 0] ?? "";
  }

  function shardOf(round: number): Samples | undefined {
    return shards[drawn[round] ?? 0];
  }

  it("are the round's own shard for its updates, and the release's for what confirms it", async () => {
    const view = viewOf(2, 1);
    expect((await holdouts.of(view, signal)).samples).to.deep.equal(shardOf(2));
    expect(await holdouts.ofRelease(view, signal)).to.deep.equal(shardOf(1));
  });

  it("are the same for a release and its confirmation, however many rounds lie between", async () => {
    const released = (await holdouts.of(viewOf(1, 0), signal)).samples;
    for (const round of [2, 3]) expect(await holdouts.ofRelease(viewOf(round, 1), signal)).to.deep.equal(released);
    // A confirming round has no shard of its own.
    expect(
      await holdouts.ofRelease({ ...viewOf(3, 3), roundNumber: 4, round: { holdoutKey: undefined } }, signal),
    ).to.deep.equal(shardOf(3));
  });

  it("are the round's own where no release waits for confirmation", async () => {
    expect(await holdouts.ofRelease(viewOf(1, 0), signal)).to.deep.equal(shardOf(1));
  });

  it("are the public shard's, beside which a round's is compared, once that is open", async () => {
    const view = viewOf(1, 0);
    expect(await holdouts.publicShard(view, signal)).to.equal(undefined);
    opened.set(0, keyOf(0));
    expect(await holdouts.publicShard(view, signal)).to.deep.equal(shardOf(0));
    for (const round of [1, 2, 3]) await holdouts.of(viewOf(round, 0), signal);
    opened.set(0, keyOf(0));
    expect(await holdouts.publicShard(view, signal)).to.deep.equal(shardOf(0));
  });

  it("are those of another shard after a reorganisation in which the round draws that", async () => {
    expect((await holdouts.of(viewOf(1, 0), signal)).samples).to.deep.equal(shardOf(1));
    drawn = [3, 0, 2, 1];
    expect(shardOf(1)).to.equal(shards[0]);
    expect((await holdouts.of(viewOf(1, 0), signal)).samples).to.deep.equal(shards[0]);
  });

  it("are the public ones where a shard was not opened, for the release and for its confirmation", async () => {
    const silent = viewOf(1, 0, false);
    expect(await holdouts.of(silent, signal)).to.deep.equal({ samples: common, readable: undefined });
    const next = viewOf(2, 1);
    opened.delete(1);
    expect(await holdouts.ofRelease(next, signal)).to.deep.equal(common);
  });
});
