export interface CommonweightErrorOptions extends ErrorOptions {
  /** Exact amounts that the message rounds, in the token's smallest unit. */
  readonly amounts?: Readonly<Record<string, bigint>>;
}

/**
 * An error that a user can act on: a stable code, what happened, and what to do about it.
 *
 * Every foreseeable failure throws one; any other error is a defect.
 */
export class CommonweightError extends Error {
  /** Stable, upper case, prefixed with its area: `CONTENT_TOO_LARGE`. */
  readonly code: string;
  /** What the user can do, one sentence. */
  readonly hint: string;
  /** Exact amounts that the message rounds, in the token's smallest unit. */
  readonly amounts: Readonly<Record<string, bigint>> | undefined;

  constructor(code: string, message: string, hint: string, options: CommonweightErrorOptions = {}) {
    super(message, options);
    this.name = "CommonweightError";
    this.code = code;
    this.hint = hint;
    this.amounts = options.amounts;
  }
}
