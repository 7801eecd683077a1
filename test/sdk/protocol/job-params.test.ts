import { readFile } from "node:fs/promises";

import { expect } from "chai";
import { Interface, hexlify } from "ethers";
import fc from "fast-check";

import { trainingMarketAbi } from "@commonweight/sdk/abi/training-market";
import { NO_PERMIT } from "@commonweight/sdk/chain/permit";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { AbiFields } from "@commonweight/sdk/protocol/abi-field";
import {
  JOB_PARAMS,
  TIMED_PHASES,
  decodeJobParams,
  encodeJobParams,
  longestPhase,
  openingPeriod,
  type DecodedJobStruct,
  type JobParams,
} from "@commonweight/sdk/protocol/job-params";

/** A component of a struct in an ABI. */
interface Component {
  readonly name: string;
  readonly type: string;
  readonly internalType?: string;
  readonly components?: readonly Component[];
}

const market = new Interface(trainingMarketAbi);
const [struct] = trainingMarketAbi.find((entry) => entry.type === "function" && entry.name === "postJob")!
  .inputs as readonly Component[];
const components = struct!.components!;

describe("the parameters of a job", () => {
  it("are the fields of the contract's struct, in order and type", () => {
    expect(shapeOf(JOB_PARAMS)).to.deep.equal(abiShapeOf(components));
    expect(shapeOf(JOB_PARAMS.milestones.fields)).to.deep.equal(abiShapeOf(components.at(-1)!.components!));
  });

  it("differ from the contract's struct once a field is missing", () => {
    const { bond: _, ...others } = JOB_PARAMS;
    expect(shapeOf(others)).not.to.deep.equal(abiShapeOf(components));
  });

  it("name the values of the contract's enumerations, in order", async () => {
    const source = await readFile(new URL("../../../contracts/types/JobTypes.sol", import.meta.url), "utf8");
    for (const { name, internalType } of components) {
      const [, enumeration] = /^enum (\w+)$/.exec(internalType ?? "") ?? [];
      if (enumeration === undefined) continue;
      const field = JOB_PARAMS[name as "holdout" | "scoring" | "payRule" | "sync"];
      expect(["none", ...field.names], name).to.deep.equal(valuesOf(source, enumeration));
    }
  });

  it("are the same after encoding and decoding", () => {
    fc.assert(
      fc.property(jobParams(), (params) => {
        const data = market.encodeFunctionData("postJob", [encodeJobParams(params), NO_PERMIT]);
        expect(decodeJobParams(decoded(data))).to.deep.equal(params);
      }),
    );
  });

  it("refuse a number that no name of an enumeration has", () => {
    fc.assert(
      fc.property(jobParams(), fc.constantFrom(0n, 4n, 255n), (params, holdout) => {
        const data = market.encodeFunctionData("postJob", [{ ...encodeJobParams(params), holdout }, NO_PERMIT]);
        expect(() => decodeJobParams(decoded(data)))
          .to.throw(CommonweightError)
          .with.property("code", "CONTRACT_UNKNOWN_VALUE");
      }),
    );
  });

  it("give each phase its length, and twice that to Training that is stale synchronous", () => {
    const periods = { trainingPeriod: 1, disclosurePeriod: 2, scoringPeriod: 3, revealPeriod: 4 };
    const params = { ...periods, attestationPeriod: 5, settlementPeriod: 6 };
    const lengths = (sync: JobParams["sync"]) => TIMED_PHASES.map((phase) => longestPhase({ ...params, sync }, phase));
    expect(lengths("bsp")).to.deep.equal([1, 2, 3, 4, 5, 6]);
    expect(lengths("ssp")).to.deep.equal([2, 2, 3, 4, 5, 6]);
  });

  it("give as long as Disclosure to open a sealed shard, and no time where there is none", () => {
    const periods = (["own", "public", "sealed"] as const).map((holdout) =>
      openingPeriod({ holdout, disclosurePeriod: 120 }),
    );
    expect(periods).to.deep.equal([0, 0, 120]);
  });
});

/** The parameters in the data of a `postJob` call. */
function decoded(data: string): DecodedJobStruct {
  return (market.decodeFunctionData("postJob", data) as unknown as { readonly params: DecodedJobStruct }).params;
}

function shapeOf(fields: AbiFields): readonly (readonly [string, string])[] {
  return Object.entries(fields).map(([name, { type }]) => [name, type]);
}

function abiShapeOf(parts: readonly Component[]): readonly (readonly [string, string])[] {
  return parts.map(({ name, type }) => [name, type]);
}

/** The values of a Solidity enumeration in the spelling of job files: `ByGain` becomes `by-gain`. */
function valuesOf(source: string, enumeration: string): readonly string[] {
  const [, body] = new RegExp(`enum ${enumeration} \\{([^}]*)\\}`).exec(source) ?? [];
  const lines = (body ?? "").split("\n").filter((line) => !line.trim().startsWith("///"));
  const names = lines.join("").split(",");
  return names.map((name) =>
    name
      .trim()
      .replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-")
      .toLowerCase(),
  );
}

/** Random parameters of the struct's types, in or out of their valid range. */
function jobParams(): fc.Arbitrary<JobParams> {
  const values = Object.entries(JOB_PARAMS).map(([name, field]): [string, fc.Arbitrary<unknown>] => [
    name,
    "names" in field
      ? fc.constantFrom(...field.names)
      : "fields" in field
        ? fc.array(fc.record({ scoreBps: ofType("uint16"), shareBps: ofType("uint16") }), { maxLength: 10 })
        : ofType(field.type),
  ]);
  return fc.record(Object.fromEntries(values)) as fc.Arbitrary<unknown> as fc.Arbitrary<JobParams>;
}

function ofType(type: string): fc.Arbitrary<unknown> {
  const [, kind, size] = /^([a-z]+)(\d*)$/.exec(type)!;
  if (kind === "bool") return fc.boolean();
  if (kind === "address") return bytes(20).map((text) => text.replaceAll(/[a-f]/g, "7"));
  if (kind === "bytes") return bytes(Number(size));
  if (type === "uint128") return fc.bigInt(0n, 2n ** 128n - 1n);
  const bits = Number(size);
  return kind === "int"
    ? fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
    : fc.maxSafeNat().map((number) => number % 2 ** bits);
}

function bytes(length: number): fc.Arbitrary<string> {
  return fc.uint8Array({ minLength: length, maxLength: length }).map((value) => hexlify(value));
}
