// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Whose data the validators score on.
enum Holdout {
    None,
    /// Each validator's own: honest scores differ, so deviation costs pay and never stake.
    Own,
    /// One set that everyone knows: honest scores agree to the unit.
    Public
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
    /// Validators' part of the reward, in basis points.
    uint16 validatorShareBps;
    uint16 rounds;
    /// Updates a round takes, at most 64.
    uint8 maxUpdates;
    /// Seats a committee has, 3 to 31.
    uint8 committeeSize;
    /// Members without whom no round opens.
    uint16 minTrainers;
    /// Enlisted validators without whom no round opens, at least 3.
    uint16 minValidators;
    Holdout holdout;
    Scoring scoring;
    /// Narrowest and widest band around the consensus, in score units.
    uint16 tolerance;
    uint16 maxTolerance;
    /// Consensus scores up to here weigh nothing.
    uint16 noiseFloor;
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
    /// Price list, 2 to 8 points from 0 to 10,000; empty for one budget a round.
    Milestone[] milestones;
}

/// @notice A job's running state.
struct Job {
    // slot 0
    address initiator;
    /// Number of the running or last round; rounds count from 1.
    uint32 round;
    /// Members, those that are leaving included.
    uint32 members;
    bool cancelled;
    bool closed;
    // slot 1: digest of the newest model
    bytes32 modelDigest;
    // slot 2
    uint32 modelVersion;
    /// Members whom the next round waits for; while a round runs, those who joined since it opened.
    uint32 expected;
    /// Last round whose Training ran to its deadline.
    uint32 lastFullRound;
    /// Round whose released model waits for confirmation, 0 for none, and the score attested on release.
    uint32 pendingRound;
    uint16 pendingScore;
    /// Confirmed score, in basis points.
    uint16 best;
    /// Trainers that joined so far: the next one's number.
    uint32 joins;
}

/// @notice A trainer in a job: one slot.
struct Member {
    /// First round it takes part in; 0 for no member.
    uint32 since;
    /// Last round in which it committed, and its place in that round's order of commitments.
    uint32 lastCommitted;
    uint40 order;
    /// Last round in which it revealed.
    uint32 lastRevealed;
    /// Round at whose end it leaves; 0 for none.
    uint32 leaving;
    /// Order of joining, from 0: which part of the data is its own.
    uint32 number;
}

/// @notice A disclosed update. Its index in the round is its place in every score vector.
struct Update {
    // slot 0
    address trainer;
    /// Place in the round's order of commitments: of identical updates the earliest keeps the value.
    uint40 order;
    // slot 1
    bytes32 digest;
}

/// @notice The facts that a round's phases follow from: one slot.
struct RoundFacts {
    uint40 trainingStart;
    /// Exclusive. The deadline, or the earlier time at which everyone expected had committed.
    uint40 trainingEnd;
    /// Exclusive. The deadline, or the earlier time at which everyone who committed had revealed.
    uint40 disclosureEnd;
    /// Commitments and replacements so far: the next one's place in the order.
    uint40 orders;
    /// Members waited for, and how many of them committed.
    uint32 expected;
    uint8 expectedCommitted;
    /// Members who committed, who revealed, and who revealed and leave at the round's end.
    uint8 committed;
    uint8 revealed;
    uint8 leaving;
    /// True once Training closed before its deadline.
    bool closedEarly;
    /// True for the last round, which has no Training and only confirms the score of the released model.
    bool confirming;
    RoundOutcome outcome;
}

/// @notice What came out of a round.
struct RoundResult {
    // slot 0
    /// Earned by the round's trainers, in the token's smallest unit.
    uint128 trainerPay;
    /// Bit j: update j repeats the bytes of an earlier commitment and weighs nothing.
    uint64 copies;
    /// Sum of the updates' weights.
    uint32 totalWeight;
    /// Attempt that settled the round, 1 or 2; 0 for none.
    uint8 attempt;
    // slot 1
    /// Absolute scores attested on settlement, of the model found and of the one released, in basis points.
    uint16 baseScore;
    uint16 score;
    /// Version of the model released.
    uint32 modelVersion;
    /// Bit j: update j's pay is credited.
    uint64 credited;
    // slot 2: digest of the model released
    bytes32 modelDigest;
}

/// @notice What an attempt's validators earned: one slot and a half.
struct AttemptPay {
    // slot 0, in the token's smallest unit
    /// Shared in proportion to quality, or in equal parts among the revealers of a failed attempt.
    uint128 quality;
    /// Shared in equal parts among the seats that attested the model that won.
    uint128 attestation;
    // slot 1
    /// Bit i: seat i's pay is credited.
    uint32 credited;
}
