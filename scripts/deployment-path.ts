import { fileURLToPath } from "node:url";

/** Returns the path of a network's file in this repository's `deployments/`. */
export function deploymentPath(network: string): string {
  return fileURLToPath(new URL(`../deployments/${network}.json`, import.meta.url));
}
