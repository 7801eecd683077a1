import { z } from "zod";

import type { InputScaling } from "../model/usage/model-facts.ts";

/** What a data set tells the users of a model. */
export interface InputUse {
  /** Names of the classes in the order of the labels; `undefined` if they are only numbered. */
  readonly classNames: readonly string[] | undefined;
  /** Names of a sample's values, in order; `undefined` if the data set has none. */
  readonly columnNames: readonly string[] | undefined;
  /** `undefined` if the data set does not say. */
  readonly scaling: InputScaling | undefined;
}

/** The entries of a manifest that matter here; a manifest has one divisor, or a scaling of another kind. */
const entries = z.object({
  classNames: z.array(z.string()).optional(),
  columnNames: z.array(z.string()).optional(),
  scale: z.number().optional(),
  scaling: z
    .discriminatedUnion("kind", [
      z.object({ kind: z.literal("divisor"), divisor: z.number() }),
      z.object({ kind: z.literal("columns"), means: z.array(z.number()), scales: z.array(z.number()) }),
    ])
    .optional(),
});

/** Reads from a data set's checked manifest how inputs are scaled, and what their values and the classes are called. */
export function inputUseOf(manifest: object | undefined): InputUse {
  const { classNames, columnNames, scale, scaling } = entries.parse(manifest ?? {});
  const isNumbered = classNames?.every((name, label) => name === String(label)) ?? true;
  return {
    classNames: isNumbered ? undefined : classNames,
    columnNames,
    scaling: scaling ?? (scale === undefined ? undefined : { kind: "divisor", divisor: scale }),
  };
}
