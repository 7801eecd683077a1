import { expect } from "chai";

import { contentIdOf, digestOf } from "@commonweight/sdk/protocol/content-id";
import { initialState, stateLayout, valuesOf } from "../../../../trainer/model/model-state.ts";
import { writeSafetensors } from "../../../../trainer/model/safetensors.ts";
import { fetchModel, publishModel } from "../../../../trainer/roles/worker/model-file.ts";
import { MemoryStore } from "../../../helpers/memory-store.ts";
import { refusalOf } from "../../../helpers/refusals.ts";
import { weightsJob } from "../weights-job.ts";

const { signal } = new AbortController();
const WEIGHTS = Float32Array.of(1, 2, 3, 4);

/** A job whose initial model is in the store, as weights without optimiser state. */
async function publishedJob(kind: string) {
  const content = new MemoryStore();
  const initialModel = await content.add(writeSafetensors(weightsJob().layout, WEIGHTS));
  const job = weightsJob({ initialModel, serverOptimizer: { kind } });
  const fetch = (digest: string) => fetchModel(content, job, digest, signal);
  return { content, job, fetch, initial: digestOf(initialModel) };
}

describe("a model's file in the store", () => {
  it("of a later round is refused without the state, cut off within it or with another optimiser's", async () => {
    const { content, job, fetch } = await publishedJob("adam");
    const put = async (bytes: Uint8Array) => digestOf(await content.add(bytes));
    const bare = await put(writeSafetensors(job.layout, Float32Array.of(9, 9, 9, 9)));
    const whole = writeSafetensors(stateLayout(job.layout, job.spec.serverOptimizer), new Float32Array(13));
    const yogi = writeSafetensors(
      stateLayout(job.layout, { ...job.spec.serverOptimizer, kind: "yogi" } as never),
      new Float32Array(12),
    );
    expect(await refusalOf(() => fetch(bare))).to.equal("WEIGHTS_NAMES");
    expect(await refusalOf(async () => fetch(await put(yogi)))).to.equal("WEIGHTS_NAMES");
    expect(await refusalOf(async () => fetch(await put(whole.slice(0, -4))))).to.equal("WEIGHTS_TRUNCATED");
    expect(await refusalOf(async () => fetch(await put(Uint8Array.of(...whole, 0))))).to.equal("CONTENT_TOO_LARGE");
  });

  it("of the initial model is refused with a state: it begins at zero for everyone", async () => {
    const content = new MemoryStore();
    const { layout, spec } = weightsJob({ serverOptimizer: { kind: "momentum" } });
    const whole = stateLayout(layout, spec.serverOptimizer);
    const initialModel = await content.add(writeSafetensors(whole, new Float32Array(8).fill(1)));
    const job = { layout, spec: { ...spec, initialModel } };
    expect(await refusalOf(() => fetchModel(content, job, digestOf(initialModel), signal))).to.equal(
      "CONTENT_TOO_LARGE",
    );
  });

  for (const [kind, remembered] of [
    ["none", 0],
    ["momentum", 4],
    ["nesterov", 4],
    ["yogi", 8],
    ["adam", 9],
  ] as const) {
    it(`gives back weights and state, zero at first: ${kind}`, async () => {
      const { content, job, fetch, initial } = await publishedJob(kind);
      const first = await fetch(initial);
      expect(first).to.deep.equal(initialState(WEIGHTS, job.layout, job.spec.serverOptimizer));
      expect([...first.optimizer]).to.deep.equal(Array(remembered).fill(0));
      const model = { weights: WEIGHTS.map((one) => -one), optimizer: first.optimizer.map((_, at) => at + 0.5) };
      const digest = await publishModel(content, job, model);
      expect(await fetch(digest)).to.deep.equal(model);
      expect(content.fetched.at(-1)?.limits.maxBytes).to.equal(content.files.get(contentIdOf(digest))?.length);
      expect(valuesOf(model)).to.have.lengthOf(4 + remembered);
    });
  }
});
