import type { SourceRange } from "../solidity/syntax-tree.ts";

/** What a mutant changes, by the kind of fault that it stands for. */
export type Operator =
  | "relational"
  | "arithmetic"
  | "boolean"
  | "operand"
  | "negation"
  | "guard"
  | "call"
  | "assignment"
  | "jump"
  | "constant"
  | "step"
  | "modifier"
  | "default"
  | "branches"
  | "arguments"
  | "event";

/**
 * How a mutant shares one build with the others: an `expression` or `statement` chosen among several when it runs, an
 * `insertion` that runs or not, a `modifier` that is told whether to let everyone through.
 */
export type Form = "expression" | "statement" | "insertion" | "modifier";

/** One fault planted in one place. */
export interface Mutant {
  /** From 1, in the order of files and places. */
  readonly number: number;
  /**
   * Same for the same fault in the same function, wherever that stands: see `test/contracts/mutation-survivors.json`.
   */
  readonly key: string;
  readonly file: string;
  readonly line: number;
  /** Contract and function that it is in. */
  readonly scope: string;
  readonly operator: Operator;
  readonly form: Form;
  /** What is replaced; for an insertion, where. */
  readonly edit: SourceRange;
  readonly replacement: string;
  /** What is chosen as a whole: the edit, or the expression or statement around it. */
  readonly site: SourceRange;
  /** Type that a choice between literals is given. */
  readonly type: string | undefined;
  readonly original: string;
  /** It touches money, access or phases: none of these may survive. */
  readonly critical: boolean;
}
