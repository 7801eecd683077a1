import { broadcastVerdict } from "./transaction/broadcast-verdict.ts";
import { isRevert } from "./revert-reason.ts";
import type { RefusedRequest, RpcRequest } from "./rpc-endpoint.ts";

/** Errors of a busy or lagging node; JSON-RPC defines none of them. */
const PASSING_CODES: ReadonlySet<number> = new Set([15, 429, -32_002, -32_005, -32_016, -32_029, -32_097, -32_603]);
const PASSING_WORDS =
  /rate.?limit|too many request|429|capacity|time.?out|timed out|busy|overload|internal|no response|header not found/i;
/** Limits on the range or the number of logs, as providers word them. */
const RANGE_WORDS = new RegExp(
  [
    "block range|range (is )?too|range of blocks|range.*(exceed|limit)|exceed.*range",
    "more than [\\d,_]+ (results|logs|events|blocks)|too many (results|logs|events|blocks)|response size|result set",
    "max(imum)?( of)? [\\d,_]* ?blocks|limited to [\\d,_]+|up to (a )?[\\d,_]+|query timeout|logs? (are|is) limited",
  ].join("|"),
  "i",
);

/** Whether a JSON-RPC error is the chain's answer, the same at every endpoint; all others are failures of the node. */
export function isAnswer({ method, params }: RpcRequest, refusal: RefusedRequest): boolean {
  switch (method) {
    case "eth_call":
      return isRevert(refusal);
    case "eth_estimateGas":
      return isRevert(refusal) || broadcastVerdict(refusal.message) === "funds";
    case "eth_sendRawTransaction":
      return !["later", "invalid"].includes(broadcastVerdict(refusal.message));
    case "eth_getLogs":
      return isRangeLimit(refusal);
    case "eth_maxPriorityFeePerGas":
      return !isPassing(refusal);
    case "eth_getTransactionCount":
      return params[1] === "pending" && !isPassing(refusal);
    default:
      return false;
  }
}

/** Whether a node refuses a query of logs for its size: a smaller one may be answered. */
function isRangeLimit({ message }: RefusedRequest): boolean {
  return RANGE_WORDS.test(message) && !/rate.?limit|too many request/i.test(message);
}

function isPassing({ code, message }: RefusedRequest): boolean {
  return PASSING_CODES.has(code) || PASSING_WORDS.test(message);
}
