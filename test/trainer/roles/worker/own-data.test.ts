import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import type { DataSetManifest } from "../../../../trainer/data/data-set-manifest.ts";
import { silentLog } from "../../../../trainer/log.ts";
import { ownDataFrom } from "../../../../trainer/cli/inputs/own-data.ts";
import { sampleFormatOf, trainingSamples } from "../../../../trainer/roles/worker/own-data.ts";
import { openHoldouts } from "../../../../trainer/roles/validator/holdouts.ts";
import { MemoryStore } from "../../../helpers/memory-store.ts";
import { refusalOf } from "../../../helpers/refusals.ts";
import { fileOf, rows } from "../../data/table-cases.ts";
import { weightsJob } from "../weights-job.ts";

const { signal } = new AbortController();
const MODEL = { input: [4], classes: 3, layers: [{ type: "dense", units: 3, activation: "softmax" }], seed: 0 };
const DIVISOR = { kind: "divisor", divisor: 2 } as const;
const OWN = weightsJob({ model: MODEL, data: { kind: "own", scaling: DIVISOR } }).spec;
const NAMED: DataSetManifest = {
  version: 1,
  inputShape: [4],
  classes: 3,
  classNames: ["ant", "bee", "cow"],
  scaling: { kind: "columns", means: [1, 1, 1, 1], scales: [2, 4, 8, 16] },
  encoding: "float32",
  parts: [],
  holdout: { samples: 0, slices: [] },
};

describe("private data of a job", () => {
  let folder = "";
  const own = (text: string) => writeFile(join(folder, "data.csv"), text);
  const read = (job: Parameters<typeof sampleFormatOf>[0]) => ownDataFrom(folder, {}, silentLog)!(sampleFormatOf(job));

  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "commonweight-"))));
  afterEach(() => rm(folder, { recursive: true }));

  it("has the scale of the job's specification, whatever its own largest value is", async () => {
    await own(fileOf(undefined, ["1,2,3,400,0", "5,6,7,8,0"]));
    const { features, labels } = await read({ spec: OWN, manifest: undefined });
    expect([...features]).to.deep.equal([0.5, 1, 1.5, 200, 2.5, 3, 3.5, 4]);
    expect([...labels]).to.deep.equal([0, 0]);
  });

  it("has the columns' scales and the class names of the job's manifest", async () => {
    await own(fileOf("a,b,c,d,label", ["1,5,9,17,cow", "3,1,1,1,ant"]));
    const spec = { ...OWN, data: { kind: "manifest", manifest: OWN.initialModel } } as const;
    const { features, labels } = await read({ spec, manifest: NAMED });
    expect([...features]).to.deep.equal([0, 1, 1, 1, 1, 0, 0, 0]);
    expect([...labels]).to.deep.equal([2, 0]);
  });

  it("is asked of a trainer before it joins, unless the job publishes parts", async () => {
    const part = { samples: 2, slices: [] };
    expect(await refusalOf(() => trainingSamples({ jobId: 1n, manifest: undefined, spec: OWN }, undefined))).to.equal(
      "JOB_DATA_MISSING",
    );
    const job = { jobId: 1n, spec: { ...OWN, data: { kind: "manifest", manifest: OWN.initialModel } } } as const;
    expect(await refusalOf(() => trainingSamples({ ...job, manifest: NAMED }, undefined))).to.equal("JOB_DATA_MISSING");
    expect(await trainingSamples({ ...job, manifest: { ...NAMED, parts: [part] } }, undefined)).to.equal(undefined);
    await own(fileOf("a,b,c,label", ["1,2,3,ant", "4,5,6,bee"]));
    const attempt = () => trainingSamples({ ...job, manifest: NAMED }, ownDataFrom(folder, {}, silentLog));
    expect(await refusalOf(attempt)).to.equal("DATASET_SHAPE");
  });

  const misfits = [
    [
      "rows of another length",
      "DATASET_SHAPE",
      fileOf(
        "a,b,c,d,e,label",
        rows().map((line) => `0.5,${line}`),
      ),
    ],
    [
      "labels beyond the classes",
      "DATASET_LABEL",
      fileOf(
        undefined,
        rows((klass) => String(klass + 1)),
      ),
    ],
    [
      "words where the job has numbers",
      "DATASET_LABEL",
      fileOf(
        undefined,
        rows((klass) => `k${klass}`),
      ),
    ],
    ["a missing value", "DATASET_CSV_MISSING", fileOf(undefined, [...rows(), "1,NaN,1,1,0"])],
    ["a value that is not finite", "DATASET_CSV_NUMBER", fileOf(undefined, [...rows(), "1,inf,1,1,0"])],
  ] as const;
  for (const [name, code, text] of misfits) {
    it(`is refused with ${name} before a validator enlists: ${code}`, async () => {
      await own(text);
      const book = {
        shardOf: () => Promise.reject(new Error("asked for a shard")),
        holdoutKeyOf: () => Promise.reject(new Error("asked for a key")),
      };
      const modules = { content: new MemoryStore(), log: silentLog, contracts: { book } };
      const job = { jobId: 1n, manifest: undefined, params: { holdout: "own" } as JobParams, spec: OWN };
      const attempt = () => openHoldouts(modules, { ownData: ownDataFrom(folder, {}, silentLog) }, job, signal);
      expect(await refusalOf(attempt)).to.equal(code);
      expect(await refusalOf(() => openHoldouts(modules, {}, job, signal))).to.equal("JOB_DATA_MISSING");
    });
  }
});
