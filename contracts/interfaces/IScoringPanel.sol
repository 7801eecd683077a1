// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Committee, Seat} from "../types/PanelTypes.sol";
import {Phase} from "../types/Phase.sol";
import {IJobBook} from "./IJobBook.sol";
import {IStakeRegistry} from "./IStakeRegistry.sol";
import {IJobRounds} from "./IJobRounds.sol";
import {ITrustBook} from "./ITrustBook.sol";

/// @title IScoringPanel
/// @notice Enlistment, draw, sealed scores, consensus, attestation. Holds no money.
interface IScoringPanel {
    /// @notice Emitted when a validator offers to score a job.
    event Enlisted(uint256 indexed jobId, address indexed validator);
    /// @notice Emitted when a validator is off a job's list: it left, or it was slashed.
    event Delisted(uint256 indexed jobId, address indexed validator);
    /// @notice Emitted when the block is fixed whose hash gives the seed. The list stands still from here to the draw.
    event DrawArmed(uint256 indexed jobId, uint256 indexed round, uint256 attempt, uint256 seedBlock);
    /// @notice Emitted when a committee is drawn. Places in `validators` are the seats.
    event CommitteeDrawn(
        uint256 indexed jobId,
        uint256 indexed round,
        uint256 attempt,
        bytes32 seed,
        address[] validators
    );
    /// @notice Emitted when a seat seals its scores.
    event ScoresCommitted(uint256 indexed jobId, uint256 indexed round, address indexed validator, uint256 attempt);
    /// @notice Emitted when a seat opens its score vector: see {revealScores}.
    event ScoresRevealed(
        uint256 indexed jobId,
        uint256 indexed round,
        address indexed validator,
        uint256 attempt,
        uint256[] vector
    );
    /// @notice Emitted when an update's consensus is computed. `median` and `band` are in score units.
    event UpdateTallied(
        uint256 indexed jobId,
        uint256 indexed round,
        uint256 attempt,
        uint256 index,
        int256 median,
        uint256 band
    );
    /// @notice Emitted when a seat attests a model.
    event ModelAttested(uint256 indexed jobId, uint256 indexed round, address indexed validator, uint256 attempt);
    /// @notice Emitted when a majority's model settles the attempt. Bit i of `winners`: seat i.
    event AttemptSettled(uint256 indexed jobId, uint256 indexed round, uint256 attempt, uint256 winners);
    /// @notice Emitted when an attempt failed: too few reveals, no agreement, or no majority.
    event AttemptFailed(uint256 indexed jobId, uint256 indexed round, uint256 attempt, uint256 revealed);

    /// @notice Thrown when a call comes in a phase that it does not belong to.
    error ScoringPanel_WrongPhase(uint256 jobId, Phase actual, Phase expected);
    /// @notice Thrown when no such job is open.
    error ScoringPanel_JobNotOpen(uint256 jobId);
    /// @notice Thrown when the account is initiator or trainer of the job.
    error ScoringPanel_RoleTaken(uint256 jobId, address account);
    /// @notice Thrown when the validator is enlisted already.
    error ScoringPanel_AlreadyEnlisted(uint256 jobId, address validator);
    /// @notice Thrown when the validator is not enlisted.
    error ScoringPanel_NotEnlisted(uint256 jobId, address validator);
    /// @notice Thrown when the list stands still until the draw.
    error ScoringPanel_ListFrozen(uint256 jobId);
    /// @notice Thrown when the validator holds a seat in an attempt that is not over.
    error ScoringPanel_Seated(uint256 jobId, address validator);
    /// @notice Thrown when fewer validators are enlisted than a committee needs.
    error ScoringPanel_TooFewEnlisted(uint256 jobId, uint256 enlisted);
    /// @notice Thrown when the seed's block is fixed and its hash can still be had.
    error ScoringPanel_AlreadyArmed(uint256 jobId, uint256 seedBlock);
    /// @notice Thrown when the seed's block is not fixed, not over, or too old: arm the draw (again).
    error ScoringPanel_NoSeed(uint256 jobId, uint256 seedBlock);
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
    /// @notice Thrown when no majority attested this model and these scores.
    error ScoringPanel_NoMajority(uint256 jobId, uint256 attesters, uint256 majority);
    /// @notice Thrown when the time for settlement is over, or not over yet.
    error ScoringPanel_SettlementTime(uint256 jobId, uint256 settlementEnd);

    // ---- validators ----

    /// @notice Offers to score a job and locks the caller's stake for one seat.
    /// @dev Emits {Enlisted}.
    function enlist(uint256 jobId) external;

    /// @notice Takes the offer back and frees the stake. Not while the list stands still or a seat holds it.
    /// @dev Emits {Delisted}.
    function delist(uint256 jobId) external;

    /// @notice Seals a seat's scores. Phase Scoring.
    /// @dev Emits {ScoresCommitted}.
    /// @param seat The caller's place in the committee.
    /// @param commitment {Commitments-ofScores} of the score vector and a salt.
    function commitScores(uint256 jobId, uint256 seat, bytes32 commitment) external;

    /// @notice Opens a seat's scores. Phase Reveal.
    /// @dev Emits {ScoresRevealed}.
    /// @param vector Signed 16-bit numbers, 16 a word, the first in the lowest bits, the rest 0: where the round's sealed
    /// holdout was opened, 1 if it could be decrypted and parsed and 0 if not; then one score for each update. Where
    /// near-clones share one weight, 8-bit labels follow, 32 a word: for each update the index of the earliest committed
    /// update of its cluster. On a common holdout the last word is the fingerprint of the computation, 24 bits: a seat
    /// whose fingerprint no other has does not count.
    function revealScores(uint256 jobId, uint256 seat, uint256[] calldata vector, bytes32 salt) external;

    /// @notice Attests the next model. Phase Attestation.
    /// @dev Emits {ModelAttested}.
    /// @param attestation {Commitments-ofAttestation} of the model's digest and the two absolute scores.
    function attestModel(uint256 jobId, uint256 seat, bytes32 attestation) external;

    // ---- anyone ----

    /// @notice Fixes the block whose hash gives the seed: this one. Phase Draw.
    /// @dev Emits {DrawArmed}. Armed anew once the hash is too old to be had.
    function armDraw(uint256 jobId) external;

    /// @notice Draws the committee. Phase Draw.
    /// @dev Emits {CommitteeDrawn}.
    function drawCommittee(uint256 jobId) external;

    /// @notice Computes the consensus of the next updates, `count` at the most; with the last, slashes and goes on. Phase Tally.
    /// @dev Emits {UpdateTallied}, {AttemptFailed}.
    function tally(uint256 jobId, uint256 count) external;

    /// @notice Settles the round with the model that a majority of the seats attested. Phase Settlement, before its end.
    /// @dev Emits {AttemptSettled}.
    /// @param digest sha2-256 digest of the next model's content id.
    /// @param baseScore Absolute score of the model that the round found, in basis points; 0 on private holdouts.
    /// @param score Absolute score of the next model, in basis points; 0 on private holdouts.
    function settle(uint256 jobId, bytes32 digest, uint16 baseScore, uint16 score) external;

    /// @notice Fails an attempt for which no majority settled. Phase Settlement, after its end.
    /// @dev Emits {AttemptFailed}.
    function failAttempt(uint256 jobId) external;

    // ---- views ----

    /// @notice Returns the contract whose rounds are scored.
    function ROUNDS() external view returns (IJobRounds);

    /// @notice Returns where the jobs' parameters stand.
    function BOOK() external view returns (IJobBook);

    /// @notice Returns where the members' trust stands.
    function TRUST() external view returns (ITrustBook);

    /// @notice Returns what holds the validators' stake.
    function REGISTRY() external view returns (IStakeRegistry);

    /// @notice Returns where the committee of a job's disclosed round stands at `time`, in seconds.
    function phaseAt(uint256 jobId, uint256 round, uint256 time) external view returns (Phase);

    /// @notice Returns the attempt that runs or ran last in a round: 1 or 2; 0 before the draw is armed.
    function attemptOf(uint256 jobId, uint256 round) external view returns (uint256);

    /// @notice Returns an attempt's committee and its seats.
    function committeeOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt
    ) external view returns (Committee memory, Seat[] memory);

    /// @notice Returns what a validator sealed last in a job: scores and attestation; 1 before it sealed any. Scores that are
    /// revealed leave the first word of their vector, inverted, in the place of their commitment.
    function sealedBy(uint256 jobId, address validator) external view returns (bytes32 scores, bytes32 attestation);

    /// @notice Returns the consensus of an attempt so far, one score for each tallied update.
    function consensusOf(uint256 jobId, uint256 round, uint256 attempt) external view returns (int16[] memory);

    /// @notice Returns each update's cluster so far: the label that most revealers named; empty where weights are not shared.
    function labelsOf(uint256 jobId, uint256 round, uint256 attempt) external view returns (uint256[] memory);

    /// @notice Returns what each tallied update weighs in its round's pay.
    /// @param copies Bit j: update j repeats an earlier commitment's bytes and weighs nothing.
    function weightsOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        uint64 copies
    ) external view returns (uint256[] memory);

    /// @notice Returns how two budgets divide among the seats of a finished attempt: one in proportion to quality, one in
    /// equal parts among the seats that attested the model that won. The parts sum to the budgets exactly. Only seats that
    /// count have a part: they revealed, and another computed the same.
    /// @dev Quality is the agreement of seats in band at least half the time; 1 for each where all updates are void or the
    /// attempt failed.
    /// @return validators The seats' holders.
    /// @return amounts In the token's smallest unit.
    function sharesOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        uint256 qualityBudget,
        uint256 attestationBudget
    ) external view returns (address[] memory validators, uint256[] memory amounts);

    /// @notice Returns how many validators are enlisted for a job.
    function enlistedCount(uint256 jobId) external view returns (uint256);

    /// @notice Returns the validators enlisted for a job.
    function enlistedOf(uint256 jobId) external view returns (address[] memory);

    /// @notice Returns whether a validator is enlisted for a job.
    function isEnlisted(uint256 jobId, address validator) external view returns (bool);
}
