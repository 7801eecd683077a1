/** A sealed job, and how many of its shards are bad. */
export interface BadShardsInput {
  /** Rounds of the job, 2 or more: there is one shard more, the public one. */
  readonly rounds: number;
  /** Bad shards, from 1 to rounds + 1. */
  readonly bad: number;
  /** The trainers' part of the reward, in the token's smallest unit. */
  readonly trainers: bigint;
}

/** What some bad shards bring an initiator, on average over the draws. Amounts in the token's smallest unit. */
export interface BadShards {
  readonly bad: number;
  /** Chance that this case comes about: below 1 where the draw has to favour the initiator. */
  readonly chance: number;
  /** Chance that the public shard is a bad one: then no other looks harder than it, and no worker leaves. */
  readonly publicIsBad: number;
  /** Rounds whose trainers earn nothing, if workers leave after the first that looks harder than the public shard. */
  readonly unpaidRounds: number;
  /** The trainers' pay of those rounds. */
  readonly saved: bigint;
  /** The same if nobody leaves. */
  readonly unpaidRoundsUnseen: number;
  readonly savedUnseen: bigint;
  /** Rounds that are not played because workers left. */
  readonly lostRounds: number;
}

/**
 * Returns what `bad` of `rounds + 1` shards save an initiator. Pure.
 *
 * A bad shard can be read, but no update gains on it, so that its round pays its trainers nothing. Each round is taken
 * to pay `trainers / rounds`: exact without a price list, the mean with one. Every shard is as likely as any other to
 * be the public one, and the rounds draw the others in an order that nobody chooses. Of n = rounds + 1 shards:
 *
 * - With chance `bad / n` the public one is bad. Nothing looks harder than it, and the `bad - 1` others are not paid.
 * - Else the first bad one that a round draws is recognised, and workers leave: one round is unpaid. That round is on
 *   average number `n / (bad + 1)`, and the rounds behind it do not take place.
 * - If nobody leaves, `bad * rounds / n` rounds are unpaid on average, for that many of them are drawn by a round.
 *
 * @throws RangeError `bad` is not between 1 and rounds + 1
 */
export function badShards({ rounds, bad, trainers }: BadShardsInput): BadShards {
  const shards = rounds + 1;
  if (bad < 1 || bad > shards) throw new RangeError(`${bad} of ${shards} shards cannot be bad`);
  const good = shards - bad;
  // In parts of a round, 1 / shards each.
  const unpaid = bad * (bad - 1) + good;
  const unseen = bad * rounds;
  const payOf = (parts: number) => (trainers * BigInt(parts)) / BigInt(shards * rounds);
  return {
    ...{ bad, chance: 1, publicIsBad: bad / shards },
    ...{ unpaidRounds: unpaid / shards, saved: payOf(unpaid) },
    ...{ unpaidRoundsUnseen: unseen / shards, savedUnseen: payOf(unseen) },
    lostRounds: (good / shards) * (rounds - shards / (bad + 1)),
  };
}

/** The cases that are quoted and documented. */
export interface BadShardCases {
  /** One bad shard. */
  readonly one: BadShards;
  /** One bad shard, if the last round draws it: that round is unpaid, and no round is left to lose. */
  readonly last: BadShards;
  /** Half of the shards, rounded down: what it brings depends most on whether workers leave. */
  readonly half: BadShards;
  readonly all: BadShards;
}

/** Returns what one bad shard, the last one, half and all of them save an initiator. Pure. */
export function badShardCases({ rounds, trainers }: Omit<BadShardsInput, "bad">): BadShardCases {
  const one = badShards({ rounds, bad: 1, trainers });
  const saved = trainers / BigInt(rounds);
  const last: BadShards = {
    ...{ bad: 1, chance: 1 / (rounds + 1), publicIsBad: 0, lostRounds: 0 },
    ...{ unpaidRounds: 1, saved, unpaidRoundsUnseen: 1, savedUnseen: saved },
  };
  const half = badShards({ rounds, bad: Math.floor((rounds + 1) / 2), trainers });
  return { one, last, half, all: badShards({ rounds, bad: rounds + 1, trainers }) };
}
