import type { JobEvent } from "@commonweight/sdk/chain/job-events";
import { accuracyBar, percent, shortAddress } from "./show-text.ts";

/** One readable line for an event; `undefined` for events that add nothing to the others. */
export function eventText({ name, args }: JobEvent, money: (amount: bigint) => string): string | undefined {
  const who = (value: unknown) => shortAddress(String(value));
  const amount = (value: unknown) => money(typeof value === "bigint" ? value : 0n);
  const round = `round ${String(args.round)}`;
  switch (name) {
    case "JobPosted":
      return `posted by ${who(args.initiator)} with ${amount(args.reward)}`;
    case "JobCancelled":
      return "cancelled: no further round opens";
    case "JobClosed":
      return `closed, ${amount(args.refunded)} refunded to the initiator`;
    case "Joined":
      return `${who(args.trainer)} joins with a bond`;
    case "Left":
      return `${who(args.trainer)} ${args.forfeited === true ? "forfeits its bond" : "leaves"}`;
    case "Enlisted":
      return `${who(args.validator)} enlists and locks its stake`;
    case "Delisted":
      return `${who(args.validator)} no longer validates this job`;
    case "RoundOpened":
      return args.confirming === true ? `${round} opens: a second committee confirms the score` : `${round} opens`;
    case "UpdateCommitted":
      return `${who(args.trainer)} seals an update`;
    case "UpdateRevealed":
      return `${who(args.trainer)} discloses update ${String(args.index)}`;
    case "HoldoutOpened":
      return `the holdout of ${round} is opened: shard ${String(args.shard)}`;
    case "HoldoutFailed":
      return args.opened === true
        ? `most seats could not read the holdout of ${round}: no further round opens`
        : `the initiator did not open the holdout of ${round}: its bond burns, and no further round opens`;
    case "CommitteeDrawn":
      return `a committee of ${Array.isArray(args.validators) ? args.validators.length : 0} is drawn`;
    case "ScoresCommitted":
      return `${who(args.validator)} seals its scores`;
    case "ScoresRevealed":
      return `${who(args.validator)} reveals its scores`;
    case "UpdateTallied":
      return `update ${String(args.index)}: the validators' median score is ${String(args.median)}`;
    case "ModelAttested":
      return `${who(args.validator)} attests a model`;
    case "AttemptFailed":
      return `attempt ${String(args.attempt)} failed with ${String(args.revealed)} reveals`;
    case "ModelReleased":
      return `model ${String(args.modelVersion)} ${accuracyBar(Number(args.score))}`;
    case "ProgressConfirmed":
      return `${round}'s progress is confirmed: ${percent(Number(args.best))}`;
    case "TrainersEarned":
      return `${round}'s trainers earn ${amount(args.amount)}`;
    case "ValidatorsEarned":
      return `${round}'s validators earn ${amount(sum(args.quality, args.attestation))}`;
    case "UpdatePaid":
      return `${who(args.trainer)} is credited ${amount(args.amount)} for update ${String(args.index)} of ${round}`;
    case "SeatPaid":
      return `${who(args.validator)} is credited ${amount(args.amount)} for its seat in ${round}`;
    case "Slashed":
      return `${who(args.validator)} is slashed ${amount(args.amount)}`;
    default:
      return undefined;
  }
}

function sum(a: unknown, b: unknown): bigint {
  return (typeof a === "bigint" ? a : 0n) + (typeof b === "bigint" ? b : 0n);
}
