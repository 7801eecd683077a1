import type { Swarm } from "../../trainer/network/port.ts";

/** A network without peers, for workers that share a content store. */
export const LONE_SWARM: Swarm = {
  addresses: () => [],
  subscribe: () => Promise.resolve(),
  publish: () => Promise.resolve(),
  meet: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
