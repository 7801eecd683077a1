import { chmod, rm } from "node:fs/promises";
import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";

import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { Log } from "../log.ts";
import type { Call, Chain, Outcome } from "./port.ts";
import { prepareSenderPlace, type SenderPlace } from "./sender-place.ts";

/** Longest request and answer, in characters. */
const MAX_LINE = 262_144;

const hex = z.string().regex(/^0x([0-9a-fA-F]{2})*$/);
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
const amount = z
  .string()
  .regex(/^\d{1,78}$/)
  .transform(BigInt);
const request = z.strictObject({
  chainId: amount,
  account: address,
  call: z.strictObject({ label: z.string().max(100), to: address, data: hex, value: amount.optional() }),
});
const answer = z.union([
  z.strictObject({ kind: z.literal("included"), hash: hex, block: z.int(), gasUsed: amount, gasPrice: amount }),
  z.strictObject({ kind: z.literal("refused"), error: z.string(), args: z.array(z.string()) }),
  z.strictObject({ kind: z.literal("orphaned") }),
  z.strictObject({ kind: z.literal("failed"), code: z.string(), message: z.string(), hint: z.string() }),
]);

/**
 * Lets other processes of this user send calls through a worker's account, so that one process signs for a key. The
 * socket has mode 0600 and stands in a folder that only its owner can open; whoever may connect can read the key as
 * well.
 *
 * @returns a function that closes it; nothing is served where another user could have put the socket
 */
export async function serveSender(chain: Chain, place: SenderPlace, log: Log): Promise<() => Promise<void>> {
  const { path, ownFolder } = place;
  if (!prepareSenderPlace(place)) {
    const next = "Move the data folder to a shorter path, or set TMPDIR to a short folder of your own, for both.";
    log.warn({ code: "SENDER_NO_SOCKET", path, next }, "no socket: commands wait until this worker has stopped");
    return () => Promise.resolve();
  }
  // The caller holds the folder's lock: what stands there was left by a process that was killed.
  await rm(path, { force: true });
  const closed = new AbortController();
  const server = createServer((socket) => {
    socket.on("error", (error) => log.debug({ reason: error.message }, "a command's connection broke"));
    void answerOn(socket, chain, log, closed.signal);
  });
  server.listen(path);
  await once(server, "listening");
  await chmod(path, 0o600);
  return async () => {
    closed.abort();
    server.close();
    await rm(path, { force: true });
    if (ownFolder !== undefined) await rm(ownFolder, { recursive: true, force: true });
  };
}

async function answerOn(socket: Socket, chain: Chain, log: Log, signal: AbortSignal): Promise<void> {
  socket.end(`${JSON.stringify(await replyTo(socket, chain, log, signal), bigintsAsText)}\n`);
}

async function replyTo(socket: Socket, chain: Chain, log: Log, signal: AbortSignal): Promise<unknown> {
  try {
    const { chainId, account, call } = parsedLine(request, await lineOf(socket));
    if (chainId !== chain.chainId || account !== chain.account) {
      throw new CommonweightError(
        "SENDER_OTHER_CHAIN",
        `the running worker acts for ${chain.account} on chain ${chain.chainId}`,
        "Stop the worker, or use its chain and key.",
      );
    }
    log.info({ call: call.label }, "sending for a command beside this worker");
    const { label, to, data, value } = call;
    const outcome = await chain.send(value === undefined ? { label, to, data } : { label, to, data, value }, signal);
    return outcome.kind === "refused" ? { ...outcome, args: outcome.args.map(String) } : outcome;
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    const known = error instanceof CommonweightError ? error : undefined;
    log.warn({ code: known?.code, reason: message }, "a command's transaction was not sent");
    const hint = known?.hint ?? "Look at the worker's log, then run the command again.";
    return { kind: "failed", code: known?.code ?? "SENDER_FAILED", message, hint };
  }
}

/**
 * Sends a call through the worker that listens on the socket.
 *
 * @throws SENDER_GONE nobody listens, or the worker ended meanwhile; the errors of the worker's `Chain.send`
 */
export async function sendThroughWorker(
  path: string,
  sender: Pick<Chain, "chainId" | "account">,
  call: Call,
  signal: AbortSignal,
): Promise<Outcome> {
  const { chainId, account } = sender;
  const socket = createConnection(path);
  const abort = () => socket.destroy(new Error("interrupted"));
  signal.addEventListener("abort", abort, { once: true });
  try {
    socket.write(`${JSON.stringify({ chainId, account, call }, bigintsAsText)}\n`);
    const reply = parsedLine(answer, await lineOf(socket));
    if (reply.kind === "failed") throw new CommonweightError(reply.code, reply.message, reply.hint);
    return reply;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CommonweightError) throw error;
    throw new CommonweightError(
      "SENDER_GONE",
      "the worker of this key did not answer",
      "If it has ended, run the command again. If not, its version is another one: stop it first.",
      { cause: error },
    );
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

/** The first line that arrives; an error where it is too long, or where the other side ends before. */
async function lineOf(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("utf8");
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    const end = text.indexOf("\n");
    if (end !== -1) return text.slice(0, end);
    if (text.length > MAX_LINE) break;
  }
  throw new CommonweightError("SENDER_MESSAGE", "no complete message arrived", "Run the command again.");
}

function parsedLine<Schema extends z.ZodType>(schema: Schema, line: string): z.output<Schema> {
  const result = schema.safeParse(jsonOf(line));
  if (result.success) return result.data;
  throw new CommonweightError(
    "SENDER_MESSAGE",
    "the message between the command and the worker is malformed",
    "Use the same version of this program for both.",
    { cause: result.error },
  );
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function bigintsAsText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
