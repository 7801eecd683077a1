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

  constructor(code: string, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CommonweightError";
    this.code = code;
    this.hint = hint;
  }
}
