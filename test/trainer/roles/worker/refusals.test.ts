import { expect } from "chai";

import { CommonweightError } from "@commonweight/sdk/errors";
import { contractInterfaces } from "@commonweight/sdk/chain/contracts";
import type { Call, Outcome } from "../../../../trainer/chain/port.ts";
import { silentLog } from "../../../../trainer/log.ts";
import { Refusals, refusedUntil } from "../../../../trainer/roles/worker/refusals.ts";
import { requireHope, send } from "../../../../trainer/roles/worker/send.ts";

const CALL: Call = { label: "commitUpdate", to: "0x1", data: "0x" };
const refused = (error: string): Outcome => ({ kind: "refused", error, args: [] });
// Cast: errors without amounts read nothing from the chain.
const NO_READS = {} as Parameters<typeof requireHope>[0];

/** A worker whose contract answers every call with the same error. */
function worker(error: string) {
  const warnings: string[] = [];
  let sent = 0;
  const log = { ...silentLog, warn: (_: object, text: string) => void warnings.push(text) };
  const chain = { send: () => Promise.resolve((sent++, refused(error))) };
  const refusals = new Refusals();
  // Casts: `send` uses these functions only.
  const modules = { chain, log, refusals } as unknown as Parameters<typeof send>[0];
  const attempt = () => send(modules, CALL, new AbortController().signal);
  return { attempt, refusals, warnings, sent: () => sent };
}

describe("a transaction that a contract refuses", () => {
  it("is told once and tried again where the reason can pass with the next block", async () => {
    const { attempt, warnings, sent } = worker("TrainingRounds_WrongPhase");
    for (let block = 0; block < 3; block++) expect((await attempt()).kind).to.equal("refused");
    expect([warnings.length, sent()]).to.deep.equal([1, 3]);
  });
  it("is not sent again in a round that has no room for it, and is in the next", async () => {
    const { attempt, refusals, warnings, sent } = worker("TrainingRounds_RoundFull");
    refusals.see(1);
    for (let block = 0; block < 3; block++) expect((await attempt()).kind).to.equal("refused");
    expect([warnings.length, sent()]).to.deep.equal([1, 1]);
    refusals.see(2);
    await attempt();
    expect([warnings.length, sent()]).to.deep.equal([2, 2]);
  });
  it("ends the worker with the reason where waiting does not help", async () => {
    await requireHope(NO_READS, CALL, refused("TrainingRounds_WrongPhase"));
    try {
      await requireHope(NO_READS, CALL, refused("TrainingRounds_NotInvited"));
      expect.fail("went on");
    } catch (error) {
      expect(error).to.be.instanceOf(CommonweightError);
    }
  });
  it("is named as the contracts name it", () => {
    const names = new Set(
      contractInterfaces.flatMap((one) => {
        const found: string[] = [];
        one.forEachError(({ name }) => void found.push(name));
        return found;
      }),
    );
    const lasting = [...names].filter((name) => refusedUntil(name) !== "block");
    expect(lasting).to.have.lengthOf(11);
  });
});
