/** The part of a pino logger that the chain writes to: a context object and a constant message. */
export interface ChainLog {
  debug(context: object, message: string): void;
  info(context: object, message: string): void;
  warn(context: object, message: string): void;
}
