import { isSilenceSlashed, quorum } from "@commonweight/sdk/protocol/consensus";
import { drawSeed, mixedEntropy, places, stirredEntropy, type OpenedSalt } from "@commonweight/sdk/protocol/draw";
import { LIST, type Attack, type Choice, type Stage } from "./play-draw.ts";
import { ARMINGS_A_DAY, DISCLOSURE_BLOCKS, TRAINERS } from "./terms.ts";

/** Hashes that the maker of a block tries. A machine computes as many in a millisecond. */
export const REBUILDS = 1_024;
/** Rebuilt blocks whose seeds a proposer foresees wrongly. */
const BLIND_REBUILDS = 4;
const BEGINNING = `0x${"0".repeat(63)}1`;
/** Costs nothing beside bonds and locks. */
export const FREE = "none";

/** Both rules: nobody moves anything. */
const FAIR: Pick<Attack, "price" | "independent" | "choices"> = {
  price: FREE,
  independent: 1,
  choices: (stage) => hashes(stage, 1),
};

/**
 * Before: the draw was armed by a transaction, and the hash of its block was the seed for 256 blocks. After: the block
 * before the first disclosure and all disclosed salts.
 */
export const ATTACKS: readonly Attack[] = [
  { id: "nobody", rule: "before", who: "nobody, or who withholds", ...FAIR },
  ...[1, 2, 4].map((slots) => ({
    ...freely("before", slots + 1, "the reward of a block, each"),
    id: `drop-${slots}`,
    who: `proposer of ${slots} slots in a row that drops its blocks`,
  })),
  { ...freely("before", REBUILDS, "milliseconds"), id: "rebuild", who: "proposer that rebuilds its block" },
  ...[1, ARMINGS_A_DAY].map((more) => ({
    ...freely("before", more + 1, `${more} x 51 minutes and the gas of an arming`),
    id: `arm-${more}`,
    who: `armer of a quiet chain, ${more === 1 ? "one more arming" : "a day"}`,
  })),
  {
    ...{ id: "fail", rule: "before", who: "seats that fail the first attempt by silence", price: FREE },
    choices: (stage) => afterFailure(stage, 1),
  },

  { id: "nobody", rule: "after", who: "nobody, or who draws when it suits", ...FAIR },
  {
    ...{ id: "blind", rule: "after", who: "proposer that rebuilds its block, one honest salt unsent" },
    ...{ price: FREE, independent: 1, choices: blindRebuilds },
  },
  ...[1, 2, 4].map((slots) => ({
    ...readingDisclosures(slots + 1, "the reward of a block, each"),
    id: `drop-${slots}`,
    who: `proposer of ${slots} slots in a row that has read all disclosures, and drops its blocks`,
  })),
  {
    ...readingDisclosures(REBUILDS, "milliseconds; the fees of a block"),
    ...{ id: "rebuild", who: "the same, that keeps them out of its block and rebuilds it" },
  },
  ...[1, 2, 3, 4, 6].map((count) => withholdingTrainers(count)),
  {
    ...{ id: "alone", rule: "after", who: "the only trainer of the round, in the best block of Disclosure" },
    ...{ price: FREE, independent: DISCLOSURE_BLOCKS, choices: (stage) => disclosures(stage, DISCLOSURE_BLOCKS, 1) },
  },
  {
    ...{ id: "confirm", rule: "after", who: "seats that withhold reveals before a confirming round" },
    ...{ price: FREE, choices: withheldReveals },
  },
  {
    ...{ id: "fail", rule: "after", who: "seats that fail the first attempt by silence", price: FREE },
    choices: (stage) => afterFailure(stage, Infinity),
  },

  ...["none", "one", "as many as the quorum lets"].map((absent, index): Attack => ({
    ...FAIR,
    id: `half-${index}`,
    rule: "after",
    who: `half of the revealers, own holdouts, absent honest seats: ${absent}`,
    goal: (seats) => Math.ceil((seats - [0, Math.min(1, seats - quorum(seats)), seats - quorum(seats)][index]!) / 2),
  })),
];

function freely(rule: Attack["rule"], seeds: number, price: string) {
  return { rule, price, independent: seeds, choices: (stage: Stage) => hashes(stage, seeds) };
}

/** Seeds that follow from a block's hash alone. */
function* hashes(stage: Stage, count: number): Iterable<Choice> {
  for (let i = 0; i < count; i++) yield { seed: seedOf(stage.bytes32(), BEGINNING) };
}

function readingDisclosures(seeds: number, price: string) {
  return {
    ...{ rule: "after" as const, price, independent: seeds },
    choices: (stage: Stage) => disclosures(stage, seeds, TRAINERS),
  };
}

/** The same salts with the hash of one block or another. */
function* disclosures(stage: Stage, blocks: number, trainers: number): Iterable<Choice> {
  const salts = saltsOf(stage, trainers);
  for (let i = 0; i < blocks; i++) yield { seed: seedOf(mixedEntropy(BEGINNING, stage.bytes32(), salts), BEGINNING) };
}

/** A proposer that lacks one salt foresees another seed than it gets. */
function* blindRebuilds(stage: Stage): Iterable<Choice> {
  const salts = saltsOf(stage, TRAINERS);
  for (let i = 0; i < BLIND_REBUILDS; i++) {
    const hash = stage.bytes32();
    const [seed, foreseen] = [salts, salts.slice(1)].map((known) =>
      seedOf(mixedEntropy(BEGINNING, hash, known), BEGINNING),
    );
    yield { seed: seed!, foreseen: foreseen! };
  }
}

function withholdingTrainers(count: number): Attack {
  return {
    ...{ id: `trainers-${count}`, rule: "after", who: `${count} of ${TRAINERS} trainers that may withhold` },
    ...{ price: FREE, independent: 2 },
    *choices(stage) {
      const [hash, honest, own] = [stage.bytes32(), saltsOf(stage, TRAINERS - count), saltsOf(stage, count)];
      yield { seed: seedOf(mixedEntropy(BEGINNING, hash, [...honest, ...own]), BEGINNING), bonds: 0 };
      // Which of them withholds makes no difference: the hash of the block before the draw takes the place of the salt.
      const disclosed = mixedEntropy(BEGINNING, hash, [...honest, ...own.slice(1)]);
      yield { seed: seedOf(stirredEntropy(disclosed, stage.bytes32()), BEGINNING), bonds: 1 };
    },
  };
}

/** The confirming round after a round that the party has seats in, too; enough must reveal for that round to settle. */
function withheldReveals(stage: Stage): Iterable<Choice> {
  const entropy = stage.bytes32();
  const committee = places(seedOf(entropy, BEGINNING), LIST, stage.seats);
  return withoutReveals(stage, { committee, entropy, fails: false });
}

/**
 * A party without a majority that is silent with so many seats that the attempt fails, and is drawn again.
 *
 * @param most seeds of the second attempt that it chooses among
 */
function* afterFailure(stage: Stage, most: number): Iterable<Choice> {
  const entropy = stage.bytes32();
  const seed = seedOf(entropy, BEGINNING);
  yield { seed };
  let left = most;
  for (const choice of withoutReveals(stage, { committee: places(seed, LIST, stage.seats), entropy, fails: true })) {
    if (left-- > 0) yield choice;
  }
}

interface Reveals {
  readonly committee: readonly number[];
  /** What trainers disclosed. */
  readonly entropy: string;
  /** Whether so many must be silent that the attempt fails, or so few that it does not. */
  readonly fails: boolean;
}

/** What the next draw's seed is if the party reveals with all its seats, and with as few silent as change it. */
function* withoutReveals(stage: Stage, { committee, entropy, fails }: Reveals): Iterable<Choice> {
  const own = committee.filter((place) => place < stage.party);
  const [hash, honest, mine] = [stage.bytes32(), saltsOf(stage, stage.seats - own.length), saltsOf(stage, own.length)];
  for (const silent of subsetsBySize(own.length)) {
    const revealed = stage.seats - silent.length;
    if (revealed < quorum(stage.seats) !== fails) continue;
    const opened = [...honest, ...mine.filter((_, at) => !silent.includes(at))];
    const slashed = isSilenceSlashed(revealed, stage.seats) ? silent : [];
    const reveals = mixedEntropy(BEGINNING, hash, opened);
    yield {
      seed: seedOf(entropy, silent.length === 0 ? reveals : stirredEntropy(reveals, stage.bytes32())),
      locks: slashed.length,
      struck: slashed.map((at) => own[at]!),
    };
    // Which seats are silent makes no difference: the hash of the block before the tally takes the place of the salts.
    if (silent.length > 0) return;
  }
}

function seedOf(disclosed: string, revealed: string): string {
  return drawSeed({ disclosures: disclosed, reveals: revealed, jobId: 1n, round: 1, attempt: 1 });
}

function saltsOf(stage: Stage, count: number): readonly OpenedSalt[] {
  return Array.from({ length: count }, () => ({ account: stage.bytes32().slice(0, 42), salt: stage.bytes32() }));
}

/** All subsets of `0..count - 1`, small ones first. */
function subsetsBySize(count: number): readonly (readonly number[])[] {
  const masks = Array.from({ length: 2 ** count }, (_, mask) => mask);
  const subsets = masks.map((mask) => Array.from({ length: count }, (_, at) => at).filter((at) => (mask >> at) & 1));
  return subsets.toSorted((a, b) => a.length - b.length);
}
