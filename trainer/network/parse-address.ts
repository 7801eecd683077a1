import { isIPv4, isIPv6 } from "node:net";

import type { PeerId } from "@libp2p/interface";
import { peerIdFromString } from "@libp2p/peer-id";
import { multiaddr, type Multiaddr } from "@multiformats/multiaddr";

import { CommonweightError } from "@commonweight/sdk/errors";
import { isPlausibleAddress } from "./plausible-address.ts";

const MAX_LENGTH = 400;

/** A peer that the operator named, and where it is reached. */
export interface BootstrapPeer {
  readonly peer: PeerId;
  readonly address: Multiaddr;
}

/**
 * Parses an operator's bootstrap address: one host that can be dialled, one TCP port, one peer id.
 *
 * @throws CONTENT_BOOTSTRAP_INVALID
 */
export function parseBootstrap(text: string): BootstrapPeer {
  const address = parsed(text, bootstrapInvalid);
  const peers = address.getComponents().filter(({ name }) => name === "p2p");
  const [{ value } = { value: undefined }] = peers;
  if (value === undefined) throw bootstrapInvalid(text, "it has no peer id");
  if (peers.length > 1) throw bootstrapInvalid(text, "it has more than one peer id");
  const peer = peerOf(value, text);
  if (isPlausibleAddress(address, peer)) return { peer, address };
  throw bootstrapInvalid(text, "it is not one host that can be dialled, one TCP port and one peer id");
}

/**
 * Parses the address to listen on: an IP address of this machine and a TCP port, 0 for any free one.
 *
 * @throws CONTENT_LISTEN_INVALID
 */
export function parseListen(text: string): Multiaddr {
  const address = parsed(text, listenInvalid);
  const [host, tcp, ...rest] = address.getComponents();
  const isHost =
    (host?.name === "ip4" && isIPv4(host.value ?? "")) || (host?.name === "ip6" && isIPv6(host.value ?? ""));
  if (!isHost) throw listenInvalid(text, "it does not begin with an IP address");
  if (tcp?.name !== "tcp" || rest.length > 0)
    throw listenInvalid(text, "only TCP is listened on, and nothing above it");
  if (!/^\d{1,5}$/.test(tcp.value ?? "") || Number(tcp.value) > 65_535) {
    throw listenInvalid(text, "the port is not a number from 0 to 65535");
  }
  return address;
}

/** Gives the error for a failure to listen; any other failure unchanged. */
export function listenError(cause: unknown, text: string): unknown {
  const message = cause instanceof Error ? cause.message : "";
  const [code] = /\b(EADDRINUSE|EADDRNOTAVAIL|EACCES|EAFNOSUPPORT|EINVAL)\b/.exec(message) ?? [];
  const port = /\/tcp\/(\d+)/.exec(text)?.[1] ?? "?";
  switch (code) {
    case "EADDRINUSE":
      return new CommonweightError(
        "CONTENT_LISTEN_IN_USE",
        `port ${port} of the address to listen on, ${text}, is in use`,
        `Stop the other worker, or choose another port: --listen ${text.replace(/\/tcp\/\d+/, "/tcp/0")} takes any.`,
        { cause },
      );
    case "EACCES":
      return listenInvalid(text, `this user may not listen on port ${port}: choose one from 1024 on`, cause);
    case undefined:
      return cause;
    default:
      return listenInvalid(text, "this machine does not have that IP address", cause);
  }
}

type Refuse = (text: string, reason: string, cause?: unknown) => CommonweightError;

function parsed(text: string, refuse: Refuse): Multiaddr {
  if (text.length > MAX_LENGTH) throw refuse(text, "it is too long");
  if (text.includes(",")) throw refuse(text, "it is a list: give the flag once for each address");
  try {
    return multiaddr(text.trim());
  } catch (cause) {
    throw refuse(text, "it is not a multiaddress", cause);
  }
}

function peerOf(value: string, text: string): PeerId {
  try {
    return peerIdFromString(value);
  } catch (cause) {
    throw bootstrapInvalid(text, `${value} is not a peer id`, cause);
  }
}

function bootstrapInvalid(text: string, reason: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "CONTENT_BOOTSTRAP_INVALID",
    `not a bootstrap address: ${shown(text)}: ${reason}`,
    "Give a multiaddress with a peer id, as a running worker prints it: /ip4/192.0.2.1/tcp/4001/p2p/12D3Koo….",
    { cause },
  );
}

function listenInvalid(text: string, reason: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "CONTENT_LISTEN_INVALID",
    `not an address to listen on: ${shown(text)}: ${reason}`,
    "Give a multiaddress of this machine: /ip4/127.0.0.1/tcp/0 for this machine alone, /ip4/0.0.0.0/tcp/4001 for all.",
    { cause },
  );
}

function shown(text: string): string {
  return text === "" ? "(nothing)" : text.slice(0, 200);
}
