import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import { durationText, timeText } from "./show-text.ts";

/**
 * How many workers a round needs to open, and until when one can.
 *
 * @param now time in seconds
 */
export function startLines(
  { minTrainers, minValidators, deadline }: Pick<JobParams, "minTrainers" | "minValidators" | "deadline">,
  now: number,
): readonly string[] {
  const trainers = `${minTrainers} ${minTrainers === 1 ? "trainer" : "trainers"}`;
  return [
    `  starts with ${trainers} and ${minValidators} validators; each round needs as many`,
    `  deadline ${timeText(deadline)}, ${deadline > now ? `in ${durationText(deadline - now)}` : "which has passed"}`,
  ];
}
