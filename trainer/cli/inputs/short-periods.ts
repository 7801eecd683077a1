import { existsSync } from "node:fs";

import { readShortPeriods, type RestingPeriods, type ShortPeriod } from "@commonweight/sdk/chain/depth";
import type { CommonOptions } from "../options/options.ts";
import { readDeployment } from "../wiring/deployment-file.ts";
import { withReader } from "../wiring/reader.ts";

/**
 * Gives a job's periods that are too short for the deployment's chain. Asks the chain only where its deployment names
 * more than one confirmation; without a deployment nothing is known, and none is given.
 */
export async function shortPeriodsOn(common: CommonOptions, params: RestingPeriods): Promise<readonly ShortPeriod[]> {
  if (!existsSync(common.deployment)) return [];
  const { confirmations } = await readDeployment(common.deployment);
  if (confirmations <= 1) return [];
  return withReader(common, ({ contracts }) => readShortPeriods(contracts, params, confirmations));
}
