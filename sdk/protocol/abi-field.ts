import { ZeroAddress, ZeroHash } from "ethers";

import { CommonweightError } from "../errors.ts";
import { MAX_AMOUNT } from "./limits.ts";

// Field kinds of a Solidity struct, each with its ABI type, encoder, decoder and range.

/** One field of a struct: `Value` in TypeScript, `Word` as ethers encodes it, `Raw` as ethers decodes it. */
export interface AbiField<Value, Word, Raw> {
  /** ABI type, such as `uint16`; an enumeration is a `uint8`. */
  readonly type: string;
  readonly encode: (value: Value) => Word;
  readonly decode: (raw: Raw) => Value;
  /** Whether the value is within the field's own range; rules between fields are checked elsewhere. */
  readonly isInRange: (value: Value) => boolean;
}

/** A field whose values are whole numbers. */
export interface NumberField extends AbiField<number, number, bigint> {
  readonly least: number;
  readonly most: number;
}

/** A field of any kind, its value type erased. */
type AnyField = Readonly<Record<"encode" | "decode", (value: never) => unknown>> & {
  readonly type: string;
  readonly isInRange: (value: never) => boolean;
};

/** Fields of a struct, in the struct's order. */
export type AbiFields = Readonly<Record<string, AnyField>>;

/** A struct in TypeScript, as ethers encodes it, and as ethers decodes it. */
export type ValuesOf<Fields extends AbiFields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends { readonly decode: (raw: never) => infer Value }
    ? Value
    : never;
};
export type WordsOf<Fields extends AbiFields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends { readonly encode: (value: never) => infer Word }
    ? Word
    : never;
};
export type RawOf<Fields extends AbiFields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends { readonly decode: (raw: infer Raw) => unknown } ? Raw : never;
};

/** An address other than zero. */
export const address: AbiField<string, string, string> = {
  type: "address",
  encode: (value) => value,
  decode: (raw) => raw,
  isInRange: (value) => value !== ZeroAddress,
};

/** 32 bytes other than zero. */
export const digest: AbiField<string, string, string> = {
  type: "bytes32",
  encode: (value) => value,
  decode: (raw) => raw,
  isInRange: (value) => value !== ZeroHash,
};

/** The root of a Merkle tree; zero for none. */
export const root: AbiField<string, string, string> = { ...digest, isInRange: () => true };

export const flag: AbiField<boolean, boolean, boolean> = {
  type: "bool",
  encode: (value) => value,
  decode: (raw) => raw,
  isInRange: () => true,
};

/** An amount in a token's smallest unit, from `least` to `MAX_AMOUNT`. */
export function amount(least: bigint): AbiField<bigint, bigint, bigint> {
  return {
    type: "uint128",
    encode: (value) => value,
    decode: (raw) => raw,
    isInRange: (value) => value >= least && value <= MAX_AMOUNT,
  };
}

/** A whole number from `least` to `most`, by default the largest value of its type. */
export function whole(type: `uint${8 | 16 | 32 | 40}` | "int16", least: number, most = mostOf(type)): NumberField {
  return {
    type,
    least,
    most,
    encode: (value) => value,
    decode: Number,
    isInRange: (value) => Number.isInteger(value) && value >= least && value <= most,
  };
}

/**
 * An enumeration: its names are numbered from 1 in the given order. 0 is Solidity's `None`, which is refused.
 */
export function choice<const Names extends readonly string[]>(
  ...names: Names
): AbiField<Names[number], number, bigint> & { readonly names: Names } {
  return {
    names,
    type: "uint8",
    encode: (value) => names.indexOf(value) + 1,
    decode: (raw) => nameOf<Names[number]>(names, raw),
    isInRange: (value) => names.includes(value),
  };
}

/** A list of structs. */
export function list<Fields extends AbiFields>(
  fields: Fields,
): AbiField<readonly ValuesOf<Fields>[], WordsOf<Fields>[], readonly RawOf<Fields>[]> & { readonly fields: Fields } {
  return {
    fields,
    type: "tuple[]",
    encode: (values) => values.map((value) => encodeFields(fields, value)),
    decode: (raw) => raw.map((one) => decodeFields(fields, one)),
    isInRange: (values) => values.every((value) => fieldsOutOfRange(fields, value).length === 0),
  };
}

/** Encodes a struct for ethers. */
export function encodeFields<Fields extends AbiFields>(fields: Fields, values: ValuesOf<Fields>): WordsOf<Fields> {
  // Cast: each entry is encoded by the field of its name.
  return mapped(fields, (name, { encode }) => encode(values[name] as never)) as WordsOf<Fields>;
}

/**
 * Converts a struct that ethers decoded.
 *
 * @throws CONTRACT_UNKNOWN_VALUE an enumeration's number has no name
 */
export function decodeFields<Fields extends AbiFields>(fields: Fields, raw: RawOf<Fields>): ValuesOf<Fields> {
  // Cast: each entry is decoded by the field of its name.
  return mapped(fields, (name, { decode }) => decode(raw[name] as never)) as ValuesOf<Fields>;
}

/** Gives the names of the fields whose values are out of range, in the struct's order. */
export function fieldsOutOfRange<Fields extends AbiFields>(
  fields: Fields,
  values: ValuesOf<Fields>,
): readonly (keyof Fields & string)[] {
  return namesOf(fields).filter((name) => fields[name]?.isInRange(values[name] as never) === false);
}

/** Gives a struct's names, in its order. */
export function namesOf<Fields extends AbiFields>(fields: Fields): readonly (keyof Fields & string)[] {
  return Object.keys(fields);
}

function mapped<Fields extends AbiFields>(
  fields: Fields,
  map: (name: keyof Fields, field: AnyField) => unknown,
): object {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, map(name, field)]));
}

function nameOf<Name extends string>(names: readonly Name[], number: bigint): Name {
  const name = number > 0n ? names[Number(number) - 1] : undefined;
  if (name !== undefined) return name;
  throw new CommonweightError(
    "CONTRACT_UNKNOWN_VALUE",
    `the contract returned the unknown value ${number}`,
    "The deployment has another version: use the program version that deployed it.",
  );
}

function mostOf(type: string): number {
  const bits = Number(/\d+/.exec(type)?.[0]);
  return 2 ** (type.startsWith("u") ? bits : bits - 1) - 1;
}
