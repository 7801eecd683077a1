// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Job, JobTerms, RoundResult, RoundTerms, Settlement} from "../types/JobTypes.sol";
import {Phase} from "../types/Phase.sol";
import {ICommittees} from "./ICommittees.sol";
import {IJobBook} from "./IJobBook.sol";
import {IScoringPanel} from "./IScoringPanel.sol";
import {ITrainingMarket} from "./ITrainingMarket.sol";
import {ITrainingRounds} from "./ITrainingRounds.sol";

/// @title IJobLifecycle
/// @notice The life of a job: when rounds open, which model they release, what progress counts, and how the job ends.
/// Holds no money.
interface IJobLifecycle {
    /// @notice Emitted when the initiator cancels: the running round is scored and paid, no other opens.
    /// @param jobId Job id, from 1.
    event JobCancelled(uint256 indexed jobId);
    /// @notice Emitted when a sealed holdout was not `opened`, or could not be read: no further round opens.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param opened True where the holdout was opened and most seats could not read it.
    event HoldoutFailed(uint256 indexed jobId, uint256 indexed round, bool opened);
    /// @notice Emitted when a majority's model is released. Scores are in basis points.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param modelVersion Version of the model, from 1.
    /// @param modelDigest sha2-256 digest of its content id.
    /// @param baseScore Absolute score of the model that the round found, in basis points.
    /// @param score Absolute score of the released model, in basis points.
    event ModelReleased(
        uint256 indexed jobId,
        uint256 indexed round,
        uint256 modelVersion,
        bytes32 modelDigest,
        uint256 baseScore,
        uint256 score
    );
    /// @notice Emitted when a later committee has confirmed a score, or none came to confirm it; in basis points.
    /// @param jobId Job id, from 1.
    /// @param round Round that released the model, from 1.
    /// @param best Confirmed score, in basis points.
    event ProgressConfirmed(uint256 indexed jobId, uint256 indexed round, uint256 best);

    /// @notice Thrown when the caller is not the market.
    error JobLifecycle_NotMarket(address caller);
    /// @notice Thrown when the caller is not the panel.
    error JobLifecycle_NotPanel(address caller);
    /// @notice Thrown when a call comes in a phase that it does not belong to.
    error JobLifecycle_WrongPhase(uint256 jobId, Phase actual);
    /// @notice Thrown when the caller is not the job's initiator.
    error JobLifecycle_NotInitiator(uint256 jobId, address caller);
    /// @notice Thrown when there are too few members or enlisted validators for a round.
    error JobLifecycle_TooFew(uint256 jobId);
    /// @notice Thrown when the job opens no more rounds: close it.
    error JobLifecycle_NoMoreRounds(uint256 jobId);
    /// @notice Thrown when the job is not to be closed yet.
    error JobLifecycle_NotOver(uint256 jobId);

    // ---- initiator ----

    /// @notice Opens no further round. The running one is scored and paid.
    /// @dev Emits {JobCancelled}, and {ITrainingMarket-JobClosed} where no round runs and nothing waits for
    /// confirmation.
    /// @param jobId Job id, from 1.
    function cancelJob(uint256 jobId) external;

    // ---- anyone ----

    /// @notice Opens the next round. Phase Waiting. Opens a confirming round where a release has waited for its
    /// confirmation as long as a round lasts; that one counts as one of the job's rounds.
    /// @dev Emits {ITrainingRounds-RoundOpened}.
    /// @param jobId Job id, from 1.
    function openRound(uint256 jobId) external;

    /// @notice Ends a job that opens no more rounds: all are done, it is cancelled, it reached its target, or its
    /// deadline passed. Where a release waits for confirmation, opens the round that confirms it. Ends as well, and
    /// pays what was released as it was attested, where a draw has waited for validators as long as a round lasts.
    /// @dev Emits {ITrainingMarket-JobClosed} or {ITrainingRounds-RoundOpened}.
    /// @param jobId Job id, from 1.
    function closeJob(uint256 jobId) external;

    /// @notice Publishes the key of a shard of a sealed holdout, which only the initiator knows: of the public shard in
    /// Training, before anyone can commit; of the round's shard at the beginning of Draw, for as long as Disclosure
    /// lasts at most.
    /// @dev Emits {IJobBook-HoldoutOpened}.
    /// @param jobId Job id, from 1.
    /// @param key Key of the shard, 32 bytes.
    /// @param proof Merkle proof of the shard's key under the job's `holdoutRoot`.
    function openHoldout(uint256 jobId, bytes32 key, bytes32[] calldata proof) external;

    // ---- the market ----

    /// @notice Begins a job. Only the market.
    /// @param jobId Job id, from 1.
    /// @param initiator Account that posted the job.
    /// @param modelDigest sha2-256 digest of the content id of the initial model.
    /// @param terms What this contract needs of the job's parameters.
    /// @param roundTerms What training rounds need of them.
    function post(
        uint256 jobId,
        address initiator,
        bytes32 modelDigest,
        JobTerms calldata terms,
        RoundTerms calldata roundTerms
    ) external;

    // ---- the panel ----

    /// @notice Records that the panel settled the running round, has it paid and goes on. Only the panel.
    /// @dev Emits {ModelReleased}, {ITrainingRounds-RoundEnded}, {ProgressConfirmed}, {HoldoutFailed}.
    /// @param jobId Job id, from 1.
    /// @param attempt The attempt that settled, 1 or 2.
    /// @param settled What a majority of the seats agreed on.
    function recordSettlement(uint256 jobId, uint256 attempt, Settlement calldata settled) external;

    /// @notice Records that an attempt at the running round failed, and has its revealers paid. Only the panel.
    /// @dev Emits {ITrainingRounds-RoundEnded} on the second attempt.
    /// @param jobId Job id, from 1.
    /// @param attempt The attempt that failed, 1 or 2.
    /// @param seats Number of seats in the committee.
    /// @param revealed Number of seats that revealed and count.
    function recordFailure(uint256 jobId, uint256 attempt, uint256 seats, uint256 revealed) external;

    // ---- views ----

    /// @notice Returns the book of jobs' parameters and of the contracts' addresses.
    /// @return book The book.
    function BOOK() external view returns (IJobBook book);

    /// @notice Returns the contract that keeps the jobs' money.
    /// @return market The market.
    function MARKET() external view returns (ITrainingMarket market);

    /// @notice Returns the contract that keeps members, rounds and updates.
    /// @return rounds The rounds.
    function ROUNDS() external view returns (ITrainingRounds rounds);

    /// @notice Returns the contract that lists validators and draws committees.
    /// @return committees The committees.
    function COMMITTEES() external view returns (ICommittees committees);

    /// @notice Returns the panel that scores the rounds.
    /// @return panel The panel.
    function PANEL() external view returns (IScoringPanel panel);

    /// @notice Returns where a job stands at a time.
    /// @param jobId Job id, from 1.
    /// @param time Block time, in seconds.
    /// @return phase `None` where there is no such job.
    function phaseAt(uint256 jobId, uint256 time) external view returns (Phase phase);

    /// @notice Returns a job's running state.
    /// @param jobId Job id, from 1.
    /// @return job All zeros where there is no such job.
    function jobOf(uint256 jobId) external view returns (Job memory job);

    /// @notice Returns what came out of a round.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @return result All zeros until the round is settled.
    function resultOf(uint256 jobId, uint256 round) external view returns (RoundResult memory result);

    /// @notice Returns what each tallied update weighs in its round's pay: 0 for copies.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt The attempt whose consensus counts, 1 or 2.
    /// @return weights By the updates' indices; in 64ths where near-clones share one weight.
    function weightsOf(uint256 jobId, uint256 round, uint256 attempt) external view returns (uint256[] memory weights);

    /// @notice Returns whether a job is posted and not closed.
    /// @param jobId Job id, from 1.
    /// @return open True until the job is closed.
    function isOpen(uint256 jobId) external view returns (bool open);

    /// @notice Returns whether an account is initiator of a job, or is or was a member.
    /// @param jobId Job id, from 1.
    /// @param account Account that is looked up.
    /// @return participant True for the initiator, and for members and former ones.
    function isParticipant(uint256 jobId, address account) external view returns (bool participant);

    /// @notice Returns whether a release that the price list may pay for waits for its confirmation.
    /// @param jobId Job id, from 1.
    /// @return awaits True from such a release to its confirmation.
    function awaitsConfirmation(uint256 jobId) external view returns (bool awaits);

    /// @notice Reverts where a job takes no more trainers: it is not open, or opens no further round.
    /// @param jobId Job id, from 1.
    /// @return initiator The job's initiator, which is no trainer of its own job.
    function requireJoinable(uint256 jobId) external view returns (address initiator);
}
