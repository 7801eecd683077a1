import { expect } from "chai";

import { CommonweightError } from "@commonweight/sdk/errors";

/** A hostile input: its name, the expected error code, and the attempt to read it. */
export type HostileCase = readonly [name: string, code: string, attempt: () => unknown];

/** Returns the code with which an attempt is refused; `undefined` if it succeeds. Rethrows other errors: crashes. */
export async function refusalOf(attempt: () => unknown): Promise<string | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    if (!(error instanceof CommonweightError)) throw error;
    expect(error.message).not.to.equal("");
    expect(error.hint).not.to.equal("");
    return error.code;
  }
}

/** Defines one test per hostile input: it must be refused with its code in under a second. */
export function itRefuses(cases: readonly HostileCase[]): void {
  for (const [name, code, attempt] of cases) {
    it(`refuses ${name} as ${code}`, async function () {
      this.timeout(1_000);
      expect(await refusalOf(attempt)).to.equal(code);
    });
  }
}

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
