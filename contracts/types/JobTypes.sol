// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Whose data the validators score on.
enum Holdout {
    None,
    /// Each validator's own: honest scores differ, so deviation costs pay and never stake.
    Own,
    /// One set that everyone knows: honest scores agree to the unit.
    Public,
    /// Encrypted shards, one more than rounds, held by everyone beforehand. One is opened before anyone trains, and one
    /// for each round, drawn once its updates are disclosed.
    Sealed
}

/// @notice When Training closes (Ghanem et al. 2021, arXiv 2112.11873).
enum Sync {
    None,
    /// Bulk synchronous: at the deadline, or when everyone expected has committed.
    Bsp,
    /// Stale synchronous: the same, with one extension in proportion to those missing at the deadline.
    Ssp,
    /// Barrierless asynchronous: as soon as enough have committed.
    Bap
}

/// @notice How a round's pay is divided among updates that count.
enum PayRule {
    None,
    /// In proportion to the consensus score above the noise floor.
    ByGain,
    /// In equal parts: the control.
    Equal
}

/// @notice What a score measures, and with it how trainers are paid.
enum Scoring {
    None,
    /// FLoBC: accuracy of base + update, minus the model's. Keeps trust; one budget a round.
    Accuracy,
    /// Shapley value of the round's loss reduction. Paid by milestones where there are any.
    Contribution
}

/// @notice How a round ended.
enum RoundOutcome {
    None,
    /// Nobody disclosed an update.
    Empty,
    /// A majority of seats agreed on the next model.
    Settled,
    /// Two attempts failed.
    Failed
}

/// @notice One point of the price list: from `scoreBps` on, `shareBps` of the trainers' reward is earned.
struct Milestone {
    uint16 scoreBps;
    uint16 shareBps;
}

/// @notice Everything that an initiator fixes when it posts a job. Nothing of it ever changes.
struct JobParams {
    /// Token of reward, bond and seat lock. A native coin comes wrapped.
    address token;
    /// Reward for all rounds, trainers' and validators' part together, in the token's smallest unit.
    uint128 reward;
    /// Collateral of a trainer for the whole job, in the token's smallest unit.
    uint128 bond;
    /// Collateral that one enlistment locks in the registry, in the token's smallest unit.
    uint128 seatLock;
    /// Collateral of the initiator, burned if it does not open a sealed holdout, in the token's smallest unit.
    uint128 initiatorBond;
    /// Validators' part of the reward, in basis points.
    uint16 validatorShareBps;
    uint16 rounds;
    /// Updates a round takes, at most 64.
    uint8 maxUpdates;
    /// Seats a committee has, 3 to 31.
    uint8 committeeSize;
    /// Members without whom no round opens.
    uint16 minTrainers;
    /// Enlisted validators without whom no round opens: at least 3, and more than half of `committeeSize`.
    uint16 minValidators;
    Holdout holdout;
    Scoring scoring;
    PayRule payRule;
    /// True where near-clones share one weight: score vectors then name each update's cluster.
    bool clusters;
    Sync sync;
    /// Commitments a trainer may make in one round: the last one counts.
    uint8 retrainQuota;
    /// Barrierless: commitments that close Training, of 64 at most; 0 for none.
    uint8 releaseCount;
    /// Barrierless: share of the expected whose commitments close Training, in basis points.
    uint16 releaseBps;
    /// Narrowest and widest band around the consensus, in score units.
    uint16 tolerance;
    uint16 maxTolerance;
    /// Consensus scores up to here weigh nothing.
    uint16 noiseFloor;
    /// Consensus scores below here weigh nothing.
    int16 acceptance;
    /// Subtracted from a score before the price list is read, in basis points.
    uint16 margin;
    /// Confirmed score at which the job ends early, in basis points; 0 for none.
    uint16 targetScore;
    /// Lengths of the phases, in seconds.
    uint32 minTraining;
    uint32 trainingPeriod;
    uint32 disclosurePeriod;
    uint32 scoringPeriod;
    uint32 revealPeriod;
    uint32 attestationPeriod;
    uint32 settlementPeriod;
    /// Time from which no round opens.
    uint40 deadline;
    /// sha2-256 digests of the content ids of the specification and of the initial model.
    bytes32 specDigest;
    bytes32 modelDigest;
    /// Merkle root over the keys of the sealed holdout's shards, one more than rounds; 0 for other holdouts.
    bytes32 holdoutRoot;
    /// Merkle root over the addresses that may join; 0 for everyone.
    bytes32 invitationRoot;
    /// Price list, 2 to 8 points from 0 to 10,000; empty for one budget a round.
    Milestone[] milestones;
}

/// @notice What the life of a job needs of its parameters: one slot.
struct JobTerms {
    uint16 rounds;
    uint16 minTrainers;
    uint16 minValidators;
    /// In basis points; 0 for none.
    uint16 targetScore;
    /// In seconds.
    uint40 deadline;
    /// True where progress is paid by a price list, not by rounds.
    bool priced;
    bool sealedHoldout;
}

/// @notice What a training round needs of a job's parameters: one slot.
struct RoundTerms {
    /// In seconds.
    uint24 minTraining;
    uint24 trainingPeriod;
    uint24 disclosurePeriod;
    Sync sync;
    uint8 retrainQuota;
    uint8 releaseCount;
    /// In basis points.
    uint16 releaseBps;
    uint8 maxUpdates;
    bool sealedHoldout;
    /// True where accepted scores make trainers' trust grow and shrink.
    bool keepsTrust;
}

/// @notice A job's running state.
struct Job {
    // slot 0
    address initiator;
    /// Round whose released model waits for confirmation, 0 for none, and the score attested on release, in basis
    /// points.
    uint16 pendingRound;
    uint16 pendingScore;
    /// Confirmed score, in basis points.
    uint16 best;
    /// True once no further round opens: the initiator cancelled, or its holdout failed.
    bool cancelled;
    bool closed;
    // slot 1: digest of the newest model
    bytes32 modelDigest;
    // slot 2
    JobTerms terms;
    // slot 3
    uint32 modelVersion;
    /// When the newest model was released, in seconds.
    uint40 releasedAt;
}

/// @notice Who takes part in a job's rounds: one slot. Changed by {Attendance} alone, which states its invariant.
struct Roster {
    /// Number of the running or last round; rounds count from 1.
    uint32 round;
    /// Last round whose Training ran to its deadline.
    uint32 lastFullRound;
    /// Members that can take part in the next round.
    uint32 members;
    /// Members that the next round waits for, if the running one ended now without removing anybody.
    uint32 expected;
    /// Trainers that joined so far: the next one's number.
    uint32 joins;
    /// True once the public shard of a sealed holdout is open.
    bool publicShardOpen;
}

/// @notice A trainer in a job.
struct Member {
    // slot 0
    /// First round it takes part in; 0 for no member.
    uint32 since;
    /// Last round in which it committed, how often, and its place in that round's order of commitments.
    uint32 lastCommitted;
    uint8 commitments;
    uint16 order;
    /// Last round in which it revealed.
    uint32 lastRevealed;
    /// Round at whose end it leaves; 0 for none.
    uint32 leaving;
    /// Order of joining, from 0: which part of the data is its own.
    uint32 number;
    /// True once it was a member and left.
    bool former;
    // slot 1: what it sealed last and, once disclosed, the update's digest. Never zero, so that sealing never pays for
    // a new slot.
    bytes32 commitment;
}

/// @notice A disclosed update. Its index in the round is its place in every score vector.
struct Update {
    address trainer;
    /// Place in the round's order of commitments: of identical updates the earliest keeps the value.
    uint16 order;
    /// Kept until its trainer seals its next one or is no member any more; 0 then.
    bytes32 digest;
}

/// @notice The facts that a round's phases follow from: one slot.
struct RoundFacts {
    uint40 trainingStart;
    /// Exclusive. The deadline, or the earlier time at which enough had committed.
    uint40 trainingEnd;
    /// Exclusive. The deadline, or the earlier time at which everything expected was disclosed.
    uint40 disclosureEnd;
    /// Commitments and replacements so far: the next one's place in the order.
    uint16 orders;
    /// Members that this round waits for, and how many of them committed.
    uint32 expected;
    uint8 expectedCommitted;
    /// Members that committed, that revealed, and that committed and leave at the round's end.
    uint8 committed;
    uint8 revealed;
    uint8 leaving;
    /// True once Training closed before its deadline.
    bool closedEarly;
    /// True once the deadline was put off for those missing at it.
    bool extended;
    /// True once the key of the round's sealed holdout is published.
    bool holdoutOpen;
    /// True for a round without Training, which only confirms the score of the released model.
    bool confirming;
    /// True once a block within the last third of Disclosure took a transaction of this round.
    bool witnessed;
    /// The same, of the time in which the round's shard is to be opened.
    bool openingWitnessed;
    RoundOutcome outcome;
}

/// @notice What came out of a round.
struct RoundResult {
    // slot 0
    /// Sum of the updates' weights.
    uint32 totalWeight;
    /// Attempt that settled the round, 1 or 2; 0 for none.
    uint8 attempt;
    /// Absolute scores attested on settlement, of the model found and of the one released, in basis points.
    uint16 baseScore;
    uint16 score;
    /// Version of the model released.
    uint32 modelVersion;
    // slot 1: digest of the model released
    bytes32 modelDigest;
}

/// @notice What a round's trainers earned: one slot.
struct TrainersPay {
    /// In the token's smallest unit.
    uint128 earned;
    /// Bit j: update j's pay is credited.
    uint64 credited;
    /// Attempt whose consensus divides it.
    uint8 attempt;
}

/// @notice What an attempt's validators earned: one slot.
struct ValidatorsPay {
    /// Shared in proportion to quality, or in equal parts among the revealers of a failed attempt; in the token's
    /// smallest unit.
    uint112 quality;
    /// Shared in equal parts among the seats that attested the model that won, in the same unit.
    uint112 attestation;
    /// Bit i: seat i's pay is credited.
    uint32 credited;
}

/// @notice What a majority of the seats agreed on.
struct Settlement {
    /// sha2-256 digest of the next model's content id; 0 in a confirming round, which releases none.
    bytes32 digest;
    /// Absolute scores of the model found and of the next one, in basis points.
    uint16 baseScore;
    uint16 score;
    /// True where more than half of the revealers could not read the round's sealed holdout.
    bool holdoutUnreadable;
    /// Sum of the seats' quality.
    uint256 quality;
}

/// @notice What becomes of a trainer that goes.
enum Departure {
    None,
    /// It stays until the round's end.
    Later,
    /// It is no member any more, and its bond is free.
    Free,
    /// It is no member any more, and its bond is lost.
    Forfeited
}
