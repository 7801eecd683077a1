import { captors } from "./rows/captors.ts";
import { contentAndInitiator } from "./rows/content-and-initiator.ts";
import { freeRiders } from "./rows/free-riders.ts";
import { identities } from "./rows/identities.ts";
import { lazyValidators } from "./rows/lazy-validators.ts";
import { noAttack } from "./rows/no-attack.ts";
import { flips, stealthyPoison } from "./rows/poisoners.ts";
import { priceListGames } from "./rows/price-list.ts";
import { privateHoldouts } from "./rows/private-holdouts.ts";
import { silence } from "./rows/silence.ts";
import type { Study } from "../../lab/study.ts";

/** All rows, in the order of their numbers. */
export const STUDIES: readonly Study[] = [
  noAttack,
  flips,
  stealthyPoison,
  freeRiders,
  lazyValidators,
  captors,
  silence,
  identities,
  privateHoldouts,
  contentAndInitiator,
  priceListGames,
];
