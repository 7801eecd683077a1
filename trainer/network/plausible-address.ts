import { BlockList, isIPv4, isIPv6 } from "node:net";

import type { PeerId } from "@libp2p/interface";
import type { Multiaddr } from "@multiformats/multiaddr";

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/iu;
const PORT = /^[1-9][0-9]{0,4}$/u;

/** Whether a peer may be dialled at an address: `/ip4|ip6|dns|dns4|dns6/…/tcp/…/p2p/<peer>` and no other form. */
export function isPlausibleAddress(address: Multiaddr, peer: PeerId): boolean {
  const [host, tcp, p2p, ...rest] = address.getComponents();
  if (host?.value === undefined || tcp?.name !== "tcp" || p2p?.name !== "p2p" || rest.length > 0) return false;
  return isPlausibleHost(host.name, host.value) && isPort(tcp.value) && p2p.value === peer.toString();
}

function isPlausibleHost(protocol: string, host: string): boolean {
  switch (protocol) {
    case "ip4":
      return isIPv4(host) && !neverDialled.check(host, "ipv4");
    case "ip6":
      return isIPv6(host) && !neverDialled.check(host, "ipv6");
    case "dns":
    case "dns4":
    case "dns6":
      return HOST_NAME.test(host);
    default:
      return false;
  }
}

function isPort(port: string | undefined): boolean {
  return port !== undefined && PORT.test(port) && Number(port) <= 65_535;
}

// Unspecified, link-local (cloud metadata services), multicast, reserved. Loopback and private networks are allowed,
// for workers on one machine or in one local network.
const neverDialled = new BlockList();
neverDialled.addSubnet("0.0.0.0", 8, "ipv4");
neverDialled.addSubnet("169.254.0.0", 16, "ipv4");
neverDialled.addSubnet("224.0.0.0", 3, "ipv4");
neverDialled.addSubnet("::", 128, "ipv6");
neverDialled.addSubnet("fe80::", 10, "ipv6");
neverDialled.addSubnet("ff00::", 8, "ipv6");
