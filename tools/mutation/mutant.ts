import type { SourceRange } from "../solidity/syntax-tree.ts";

/** Kind of fault that a mutant plants. */
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
 * How mutants share one build: an `expression` or `statement` is chosen at run time, an `insertion` is executed only if
 * its mutant is active, and a `modifier` then skips its checks.
 */
export type Form = "expression" | "statement" | "insertion" | "modifier";

/** One planted fault. */
export interface Mutant {
  /** From 1, ordered by file and position. */
  readonly number: number;
  /** Independent of line numbers, so that it stays valid in `test/contracts/mutation-survivors.json`. */
  readonly key: string;
  readonly file: string;
  readonly line: number;
  /** `Contract.function` that contains it. */
  readonly scope: string;
  readonly operator: Operator;
  readonly form: Form;
  /** Range that is replaced; empty for an insertion. */
  readonly edit: SourceRange;
  readonly replacement: string;
  /** Range that is chosen at run time: the edit, or the expression or statement around it. */
  readonly site: SourceRange;
  /** Type to which a choice between literals is cast. */
  readonly type: string | undefined;
  readonly original: string;
  /** Whether it touches money, access or phases; such mutants must be killed. */
  readonly critical: boolean;
}
