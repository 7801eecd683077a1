// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How a committee's attempt at a round ended.
enum AttemptOutcome {
    None,
    Settled,
    /// Fewer reveals than the quorum, no agreement on scores, or no majority for a model.
    Failed
}

/// @notice What the panel needs of a job's parameters.
struct PanelTerms {
    address token;
    /// In the token's smallest unit.
    uint128 seatLock;
    uint8 committeeSize;
    /// True where all validators score on the same holdout: deviation is slashed, scores are attested.
    bool commonHoldout;
    /// True where score vectors name each update's cluster.
    bool clusters;
    /// In seconds.
    uint32 scoringPeriod;
    uint32 revealPeriod;
    uint32 attestationPeriod;
    uint32 settlementPeriod;
}

/// @notice What a tally needs of a job's parameters.
struct TallyTerms {
    address token;
    /// In the token's smallest unit.
    uint128 seatLock;
    /// Narrowest and widest band, in score units.
    uint16 tolerance;
    uint16 maxTolerance;
}

/// @notice One attempt of a committee at a round.
struct Committee {
    // slot 0
    CommitteeFacts facts;
    // slot 1
    /// Bit i: seat i attested the model that won.
    uint32 winners;
    /// Updates that consensus did not void.
    uint8 scored;
    /// Updates for which there was no majority.
    uint8 undecided;
    /// Revealers that could not read the round's sealed holdout.
    uint8 unreadable;
    /// Bit i: seat i counts. It revealed, and at least one other computed the same.
    uint32 counting;
    /// True once a block within the last third of Scoring, and of Reveal, took a transaction of this attempt.
    bool scoringWitnessed;
    bool revealWitnessed;
    /// Lengths of phases, in seconds.
    uint32 revealPeriod;
    uint32 attestationPeriod;
    uint32 settlementPeriod;
    // slot 2: seed of the draw and of the scoring rule's permutations
    bytes32 seed;
}

/// @notice The facts that a committee's phases follow from: one slot.
struct CommitteeFacts {
    uint40 drawnAt;
    /// Exclusive ends: the deadline, or the earlier time at which everyone expected had acted.
    uint40 scoringEnd;
    uint40 revealEnd;
    /// 0 until the tally is complete.
    uint40 attestationEnd;
    uint8 seats;
    uint8 committed;
    uint8 revealed;
    uint8 attested;
    /// Scores that a vector has: one for each update; one, the released model's, in a confirming round.
    uint8 updates;
    /// Updates whose consensus is computed.
    uint8 tallied;
    AttemptOutcome outcome;
    /// True where the first number of a score vector says whether the sealed holdout could be read.
    bool judgesHoldout;
    /// True where score vectors name each update's cluster.
    bool clusters;
    /// True where score vectors end in a fingerprint of the computation.
    bool fingerprints;
    /// True where the one number scored is the accuracy of the released model, in basis points.
    bool confirming;
}

/// @notice What a drawn committee judges.
struct Assignment {
    /// Round number, from 1.
    uint256 round;
    /// Scores that each seat gives.
    uint256 updates;
    /// True where the round's sealed holdout was opened.
    bool judgesHoldout;
    /// True in a confirming round.
    bool confirming;
    /// Seed of the draw and of the scoring rule's permutations.
    bytes32 seed;
}

/// @notice What a validator sealed last in a job. Not zero, so that sealing does not pay for a new slot.
struct Sealed {
    // slot 0: commitment to its scores; from their reveal until the next sealing the first word of the vector, inverted
    bytes32 scores;
    // slot 1
    bytes32 attestation;
}

/// @notice A validator's place in a committee: one slot.
struct Seat {
    address validator;
    bool committed;
    bool revealed;
    bool attested;
    /// Scores given as numbers where consensus is a number, and how many of those lie within the band.
    uint8 numeric;
    uint8 inBand;
    /// Sum of 10,000 x (1 - distance / band) over the updates that are not void.
    uint32 agreement;
    /// What it revealed as its computation's fingerprint; 0 where holdouts differ.
    uint24 fingerprint;
}
