import type { CommonOptions } from "../options/options.ts";

/** A job as strangers are told of it. */
export interface Invitation {
  readonly jobId: bigint;
  readonly terms: string;
  /** This node's addresses. */
  readonly addresses: readonly string[];
  /** Collateral of one seat with its unit, such as `1 coin`, as `stake` takes it: whole tokens. */
  readonly stake: string;
}

/** The lines that others type, each a whole command but for its key. */
export interface InvitationLines {
  readonly trainer: string;
  readonly stake: string;
  readonly validator: string;
  readonly model: string;
}

/** Names of hosts that only this machine reaches. */
const LOOPBACK = /^(localhost|127\.|\[::1\]$)/;
const LOOPBACK_ADDRESS = /^\/ip4\/127\.|^\/ip6\/::1\//;

/** The lines that trainers, validators and users of the model type. RPC URLs may hold a key: only local ones show. */
export function invitationLines(
  { jobId, terms, addresses, stake }: Invitation,
  common: CommonOptions,
): InvitationLines {
  const place = `${rpcOptions(common)} --deployment ${common.deployment}`;
  const meet = `${place} --bootstrap ${bootstrapOf(addresses) ?? "ADDRESS"}`;
  return {
    trainer: `commonweight trainer run --job ${jobId} --terms ${terms} ${meet}`,
    stake: `commonweight stake ${stake} ${place}`,
    validator: `commonweight validator run --job ${jobId} --terms ${terms} ${meet}`,
    model: `commonweight model fetch ${jobId} ${meet}`,
  };
}

/** The line that fetches a job's model, for a reader that knows at most its own bootstrap addresses. */
export function fetchLine(jobId: bigint, common: CommonOptions): string {
  const place = `${rpcOptions(common)} --deployment ${common.deployment}`;
  return `commonweight model fetch ${jobId} ${place} --bootstrap ${common.bootstrap[0] ?? "ADDRESS"}`;
}

/** The address to give to others: one that other machines reach if there is any. */
export function bootstrapOf(addresses: readonly string[]): string | undefined {
  return addresses.find((address) => !LOOPBACK_ADDRESS.test(address)) ?? addresses[0];
}

/** Whether only this machine reaches a node. */
export function isLoopbackOnly(addresses: readonly string[]): boolean {
  return addresses.every((address) => LOOPBACK_ADDRESS.test(address));
}

function rpcOptions({ rpc }: CommonOptions): string {
  const local = rpc.filter((url) => URL.canParse(url) && LOOPBACK.test(new URL(url).hostname) && isOpen(new URL(url)));
  return `--rpc ${local[0] ?? "RPC_URL"}`;
}

/** Whether a URL holds no credentials. */
function isOpen({ username, password, search }: URL): boolean {
  return username === "" && password === "" && search === "";
}
