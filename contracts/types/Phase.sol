// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where a job stands. Derived from stored facts and a time, never set.
enum Phase {
    /// No such job.
    None,
    /// No round runs: the next one waits for members, validators, or somebody to open it.
    Waiting,
    /// Trainers seal the digests of their updates.
    Training,
    /// Trainers open what they sealed.
    Disclosure,
    /// Anyone arms the seed and draws the committee. No upper bound.
    Draw,
    /// The committee seals its scores.
    Scoring,
    /// The committee opens its scores.
    Reveal,
    /// Anyone computes consensus, in chunks. No upper bound.
    Tally,
    /// The committee attests the next model.
    Attestation,
    /// A majority's model settles the round; after the phase's end anyone fails the attempt.
    Settlement,
    /// The job is over: what is left was refunded, and everyone withdraws.
    Closed
}
