// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Assignment, Committee, PanelTerms, Seat} from "../types/PanelTypes.sol";
import {Phase} from "../types/Phase.sol";
import {ICommittees} from "./ICommittees.sol";
import {IJobBook} from "./IJobBook.sol";
import {IJobLifecycle} from "./IJobLifecycle.sol";

/// @title IScoringPanel
/// @notice Sealed scores, consensus and attestations of seated committees. Holds no money.
interface IScoringPanel {
    /// @notice Emitted when a seat seals its scores.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param validator The validator.
    /// @param attempt Attempt at the round, 1 or 2.
    event ScoresCommitted(uint256 indexed jobId, uint256 indexed round, address indexed validator, uint256 attempt);
    /// @notice Emitted when a seat opens its score vector: see {revealScores}.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param validator The validator.
    /// @param attempt Attempt at the round, 1 or 2.
    /// @param vector The score vector: see {revealScores}.
    event ScoresRevealed(
        uint256 indexed jobId,
        uint256 indexed round,
        address indexed validator,
        uint256 attempt,
        uint256[] vector
    );
    /// @notice Emitted when an update's consensus is computed. `median` and `band` are in score units.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt at the round, 1 or 2.
    /// @param index The update's place in the round, from 0.
    /// @param median Consensus, in score units.
    /// @param band Width of the band around it, in score units.
    event UpdateTallied(
        uint256 indexed jobId,
        uint256 indexed round,
        uint256 attempt,
        uint256 index,
        int256 median,
        uint256 band
    );
    /// @notice Emitted when a seat attests a model.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param validator The validator.
    /// @param attempt Attempt at the round, 1 or 2.
    event ModelAttested(uint256 indexed jobId, uint256 indexed round, address indexed validator, uint256 attempt);
    /// @notice Emitted when a majority's model settles the attempt. Bit i of `winners`: seat i.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt at the round, 1 or 2.
    /// @param winners Bit i: seat i attested the model.
    event AttemptSettled(uint256 indexed jobId, uint256 indexed round, uint256 attempt, uint256 winners);
    /// @notice Emitted when an attempt failed: too few reveals, no agreement, or no majority.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt at the round, 1 or 2.
    /// @param revealed Number of seats that revealed.
    event AttemptFailed(uint256 indexed jobId, uint256 indexed round, uint256 attempt, uint256 revealed);

    /// @notice Emitted when a transaction shows that the chain ran in the last third of a phase.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt at the round, 1 or 2.
    event PhaseWitnessed(uint256 indexed jobId, uint256 indexed round, uint256 attempt);

    /// @notice Thrown when the caller is not the contract that draws committees.
    error ScoringPanel_NotCommittees(address caller);
    /// @notice Thrown when a call comes in a phase that it does not belong to.
    error ScoringPanel_WrongPhase(uint256 jobId, Phase actual, Phase expected);
    /// @notice Thrown when the caller does not hold the seat.
    error ScoringPanel_NotYourSeat(uint256 jobId, uint256 seat, address caller);
    /// @notice Thrown when the seat has done this already.
    error ScoringPanel_AlreadyDone(uint256 jobId, uint256 seat);
    /// @notice Thrown when the opening does not match the commitment.
    error ScoringPanel_CommitmentMismatch(uint256 jobId, address validator, bytes32 actual, bytes32 expected);
    /// @notice Thrown when a score vector has not one score for each update, or something behind the last.
    error ScoringPanel_BadScores(uint256 jobId, uint256 updates);
    /// @notice Thrown when a digest, commitment or attestation is zero.
    error ScoringPanel_ZeroDigest();
    /// @notice Thrown when scores are attested that cannot be: above 10,000, or on private holdouts.
    error ScoringPanel_BadAttestation(uint256 jobId, uint256 baseScore, uint256 score);
    /// @notice Thrown when the phase is neither Scoring nor Reveal, is witnessed already, or not in its last third.
    error ScoringPanel_NothingToWitness(uint256 jobId);
    /// @notice Thrown when no majority attested this model and these scores.
    error ScoringPanel_NoMajority(uint256 jobId, uint256 attesters, uint256 majority);
    /// @notice Thrown when the time for settlement is over, or not over yet.
    error ScoringPanel_SettlementTime(uint256 jobId, uint256 settlementEnd);

    // ---- the committees ----

    /// @notice Fills the slots of a validator's sealed values, so that sealing pays for no new slot. Only the
    /// committees.
    /// @param jobId Job id, from 1.
    /// @param validator Holder of the seat.
    function prepareSeals(uint256 jobId, address validator) external;

    /// @notice Seats a drawn committee: Scoring begins. Only the committees.
    /// @param jobId Job id, from 1.
    /// @param assignment What the committee judges.
    /// @param validators The seats' holders.
    /// @param terms The job's terms.
    function seatCommittee(
        uint256 jobId,
        Assignment calldata assignment,
        address[] calldata validators,
        PanelTerms calldata terms
    ) external;

    // ---- validators ----

    /// @notice Seals a seat's scores. Phase Scoring.
    /// @dev Emits {ScoresCommitted}.
    /// @param jobId Job id, from 1.
    /// @param seat The caller's place in the committee.
    /// @param commitment {Commitments-ofScores} of the score vector and a salt.
    function commitScores(uint256 jobId, uint256 seat, bytes32 commitment) external;

    /// @notice Opens a seat's scores. Phase Reveal.
    /// @dev Emits {ScoresRevealed}.
    /// @param jobId Job id, from 1.
    /// @param seat The caller's place in the committee, from 0.
    /// @param vector Signed 16-bit numbers, 16 a word, the first in the lowest bits, the rest 0: where the round's
    /// sealed holdout was opened, 1 if it could be decrypted and parsed and 0 if not; then one score for each update
    /// or, in a confirming round, the accuracy of the released model, in basis points.
    /// Where near-clones share one weight, 8-bit labels follow, 32 a word: for each update the index of the earliest
    /// committed update of its cluster. On a common holdout the last word is the fingerprint of the computation, 24
    /// bits: a seat whose fingerprint no other has does not count.
    /// @param salt 32 random bytes that the commitment was made with.
    function revealScores(uint256 jobId, uint256 seat, uint256[] calldata vector, bytes32 salt) external;

    /// @notice Attests the next model. Phase Attestation.
    /// @dev Emits {ModelAttested}.
    /// @param jobId Job id, from 1.
    /// @param seat The caller's place in the committee, from 0.
    /// @param attestation {Commitments-ofAttestation} of the model's digest and the two absolute scores.
    function attestModel(uint256 jobId, uint256 seat, bytes32 attestation) external;

    // ---- anyone ----

    /// @notice Shows that the chain takes transactions in the last third of the running phase, Scoring or Reveal: only
    /// then is silence slashed. What seats seal and open in that time shows it as well.
    /// @dev Emits {PhaseWitnessed}. Where nobody sealed scores the time of Reveal can be witnessed and changes nothing.
    /// @param jobId Job id, from 1.
    function witness(uint256 jobId) external;

    /// @notice Computes the consensus of the next updates, `count` at the most; with the last, slashes and goes on.
    /// Phase Tally.
    /// @dev Emits {UpdateTallied}, {AttemptFailed}; in a confirming round {AttemptSettled}.
    /// @param jobId Job id, from 1.
    /// @param count Number of updates to compute, at most.
    function tally(uint256 jobId, uint256 count) external;

    /// @notice Settles the round with the model that a majority of the seats attested. Phase Settlement, before its
    /// end.
    /// @dev Emits {AttemptSettled}.
    /// @param jobId Job id, from 1.
    /// @param digest sha2-256 digest of the next model's content id.
    /// @param baseScore Absolute score of the model that the round found, in basis points; 0 on private holdouts.
    /// @param score Absolute score of the next model, in basis points; 0 on private holdouts.
    function settle(uint256 jobId, bytes32 digest, uint16 baseScore, uint16 score) external;

    /// @notice Fails an attempt for which no majority settled. Phase Settlement, after its end.
    /// @dev Emits {AttemptFailed}.
    /// @param jobId Job id, from 1.
    function failAttempt(uint256 jobId) external;

    // ---- views ----

    /// @notice Returns the book of jobs' parameters and of the contracts' addresses.
    /// @return book The book.
    function BOOK() external view returns (IJobBook book);

    /// @notice Returns the contract that keeps the life of jobs.
    /// @return lifecycle The lifecycle.
    function LIFECYCLE() external view returns (IJobLifecycle lifecycle);

    /// @notice Returns the contract that lists validators and draws committees.
    /// @return committees The committees.
    function COMMITTEES() external view returns (ICommittees committees);

    /// @notice Returns the attempt of a round whose draw is due; reverts where a committee is at work.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @return attempt 1 or 2.
    function dueDraw(uint256 jobId, uint256 round) external view returns (uint256 attempt);

    /// @notice Returns when the first attempt at a job's newest round failed.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @return since In seconds; 0 where it did not.
    function dueSince(uint256 jobId, uint256 round) external view returns (uint256 since);

    /// @notice Returns what draws follow from beside the disclosures: the hash of the block before each attempt's first
    /// reveal, and every revealed salt. So a second attempt and a confirming round have a seed of their own.
    /// @param jobId Job id, from 1.
    /// @return entropy {Draw-mixed} over all reveals; 0 before the first.
    function entropyOf(uint256 jobId) external view returns (bytes32 entropy);

    /// @notice Returns where the committee of a job's disclosed round stands at `time`, in seconds.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param time Block time, in seconds.
    /// @return phase `Draw` to `Settlement`.
    function phaseAt(uint256 jobId, uint256 round, uint256 time) external view returns (Phase phase);

    /// @notice Returns the attempt that runs or ran last in a round: 1 or 2; 0 before the draw is armed.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @return 1 or 2; 0 before the draw is armed.
    function attemptOf(uint256 jobId, uint256 round) external view returns (uint256);

    /// @notice Returns an attempt's committee and its seats.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt at the round, 1 or 2.
    /// @return committee The attempt's record; times in seconds.
    /// @return seats Its seats, in their order.
    function committeeOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt
    ) external view returns (Committee memory, Seat[] memory);

    /// @notice Returns what a validator sealed last in a job: scores and attestation; 1 before it sealed any. Scores
    /// that are revealed leave the first word of their vector, inverted, in the place of their commitment.
    /// @param jobId Job id, from 1.
    /// @param validator The validator.
    /// @return scores Commitment to its scores; from their reveal on the first word of its vector, inverted.
    /// @return attestation Its attestation.
    function sealedBy(uint256 jobId, address validator) external view returns (bytes32 scores, bytes32 attestation);

    /// @notice Returns the consensus of an attempt so far, one score for each tallied update.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt at the round, 1 or 2.
    /// @return consensus Scores, in score units; one for each tallied update.
    function consensusOf(uint256 jobId, uint256 round, uint256 attempt) external view returns (int16[] memory);

    /// @notice Returns each update's cluster so far: the label that most revealers named; empty where weights are not
    /// shared.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt at the round, 1 or 2.
    /// @return labels Labels: for each tallied update the index of the first update of its cluster.
    function labelsOf(uint256 jobId, uint256 round, uint256 attempt) external view returns (uint256[] memory);

    /// @notice Returns how two budgets divide among the seats of a finished attempt: one in proportion to quality, one
    /// in equal parts among the seats that attested the model that won. The parts sum to the budgets exactly. Only
    /// seats that count have a part: they revealed, and another computed the same.
    /// @dev Quality is the agreement of seats in band at least half the time; 1 for each where all updates are void or
    /// the attempt failed.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt at the round, 1 or 2.
    /// @param qualityBudget Amount divided in proportion to quality, in the token's smallest unit.
    /// @param attestationBudget Amount divided in equal parts, in the token's smallest unit.
    /// @return validators The seats' holders.
    /// @return amounts In the token's smallest unit.
    function sharesOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        uint256 qualityBudget,
        uint256 attestationBudget
    ) external view returns (address[] memory validators, uint256[] memory amounts);
}
