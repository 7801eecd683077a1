/** The part of a pino logger that the content room writes to: a context object and a constant message. */
export interface ContentLog {
  debug(context: object, message: string): void;
  info(context: object, message: string): void;
  warn(context: object, message: string): void;
}

/** A log that keeps nothing. */
export const silentLog: ContentLog = { debug: () => {}, info: () => {}, warn: () => {} };
