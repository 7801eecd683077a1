import { z } from "zod";

/** What the process of a local chain prints in its first line. */
export const localChainReport = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("listening"), url: z.url() }),
  z.strictObject({ kind: z.literal("failed"), code: z.string(), message: z.string() }),
]);

export type LocalChainReport = z.infer<typeof localChainReport>;
