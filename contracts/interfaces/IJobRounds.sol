// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    Departure,
    Job,
    Member,
    RoundFacts,
    RoundOutcome,
    RoundResult,
    Settlement,
    Terms,
    Update
} from "../types/JobTypes.sol";
import {Phase} from "../types/Phase.sol";
import {IJobBook} from "./IJobBook.sol";
import {IScoringPanel} from "./IScoringPanel.sol";
import {ITrainingMarket} from "./ITrainingMarket.sol";
import {ITrustBook} from "./ITrustBook.sol";

/// @title IJobRounds
/// @notice The life of a job: its members, rounds and updates, and the model. Holds no money.
interface IJobRounds {
    /// @notice Emitted when the initiator cancels: the running round is scored and paid, no other opens.
    event JobCancelled(uint256 indexed jobId);
    /// @notice Emitted when a sealed holdout was not `opened`, or could not be read: no further round opens.
    event HoldoutFailed(uint256 indexed jobId, uint256 indexed round, bool opened);
    /// @notice Emitted when a trainer becomes a member. `number` says which part of the data is its own.
    event Joined(uint256 indexed jobId, address indexed trainer, uint256 since, uint256 number);
    /// @notice Emitted when a trainer is no longer a member; its bond was credited or, if `forfeited`, burned.
    event Left(uint256 indexed jobId, address indexed trainer, bool forfeited);
    /// @notice Emitted when a round opens. `confirming` rounds have no Training.
    event RoundOpened(uint256 indexed jobId, uint256 indexed round, bool confirming, uint256 trainingEnd);
    /// @notice Emitted when a trainer seals an update, or replaces it.
    event UpdateCommitted(uint256 indexed jobId, uint256 indexed round, address indexed trainer, bytes32 commitment);
    /// @notice Emitted when a trainer discloses its update. `index` is its place in every score vector.
    event UpdateRevealed(
        uint256 indexed jobId,
        uint256 indexed round,
        address indexed trainer,
        uint256 index,
        bytes32 digest
    );
    /// @notice Emitted when a round is over.
    event RoundEnded(uint256 indexed jobId, uint256 indexed round, RoundOutcome outcome);
    /// @notice Emitted when a majority's model is released. Scores are in basis points.
    event ModelReleased(
        uint256 indexed jobId,
        uint256 indexed round,
        uint256 modelVersion,
        bytes32 modelDigest,
        uint256 baseScore,
        uint256 score
    );
    /// @notice Emitted when a later committee has confirmed a score, in basis points.
    event ProgressConfirmed(uint256 indexed jobId, uint256 indexed round, uint256 best);

    /// @notice Thrown when the caller is not the market.
    error JobRounds_NotMarket(address caller);
    /// @notice Thrown when a call comes in a phase that it does not belong to.
    error JobRounds_WrongPhase(uint256 jobId, Phase actual);
    /// @notice Thrown when the caller is not the job's initiator.
    error JobRounds_NotInitiator(uint256 jobId, address caller);
    /// @notice Thrown when the caller is not the panel.
    error JobRounds_NotPanel(address caller);
    /// @notice Thrown when the account is not a member of the job, or not yet.
    error JobRounds_NotMember(uint256 jobId, address account);
    /// @notice Thrown when the account has another part in the job already.
    error JobRounds_RoleTaken(uint256 jobId, address account);
    /// @notice Thrown when the job takes invited trainers only, and the proof does not show the account among them.
    error JobRounds_NotInvited(uint256 jobId, address account);
    /// @notice Thrown when a trainer has used up its commitments for the round.
    error JobRounds_QuotaUsed(uint256 jobId, uint256 quota);
    /// @notice Thrown when no holdout is to be opened: it is open already, or not sealed.
    error JobRounds_NoHoldoutDue(uint256 jobId, uint256 round);
    /// @notice Thrown when the member leaves at the round's end.
    error JobRounds_Leaving(uint256 jobId, address trainer);
    /// @notice Thrown when a member has sealed an update that it must disclose before it leaves.
    error JobRounds_MustReveal(uint256 jobId, address trainer);
    /// @notice Thrown when the round takes no more updates.
    error JobRounds_RoundFull(uint256 jobId, uint256 maxUpdates);
    /// @notice Thrown when the opening does not match the commitment.
    error JobRounds_CommitmentMismatch(uint256 jobId, address trainer, bytes32 actual, bytes32 expected);
    /// @notice Thrown when a digest or a commitment is zero.
    error JobRounds_ZeroDigest();
    /// @notice Thrown when there are too few members or enlisted validators for a round.
    error JobRounds_TooFew(uint256 jobId);
    /// @notice Thrown when the job opens no more rounds: close it.
    error JobRounds_NoMoreRounds(uint256 jobId);
    /// @notice Thrown when the job is not to be closed yet.
    error JobRounds_NotOver(uint256 jobId);
    /// @notice Thrown when a bond is still needed.
    error JobRounds_BondHeld(uint256 jobId, address trainer);
    /// @notice Thrown when a committee confirms another model than the released one.
    error JobRounds_WrongModel(uint256 jobId, bytes32 actual, bytes32 expected);

    // ---- initiator ----

    /// @notice Opens no further round. The running one is scored and paid.
    /// @dev Emits {JobCancelled}, and {JobClosed} where no round runs and nothing waits for confirmation.
    function cancelJob(uint256 jobId) external;

    // ---- trainers ----

    /// @notice Seals an update, or replaces the sealed one. Phase Training.
    /// @dev Emits {UpdateCommitted}.
    /// @param commitment {Commitments-ofUpdate} of the update's digest and a salt.
    function commitUpdate(uint256 jobId, bytes32 commitment) external;

    /// @notice Discloses the sealed update. Phase Disclosure.
    /// @dev Emits {UpdateRevealed}.
    /// @param digest sha2-256 digest of the update's content id.
    function revealUpdate(uint256 jobId, bytes32 digest, bytes32 salt) external;

    // ---- anyone ----

    /// @notice Publishes the key of the round's shard of a sealed holdout. Phase Disclosure: the initiator's affair, for it
    /// alone knows the key.
    /// @param proof Merkle proof of the shard's key under the job's `holdoutRoot`.
    function openHoldout(uint256 jobId, bytes32 key, bytes32[] calldata proof) external;

    /// @notice Opens the next round. Phase Waiting.
    /// @dev Emits {RoundOpened}.
    function openRound(uint256 jobId) external;

    /// @notice Ends a job that opens no more rounds: all are done, it is cancelled, it reached its target, or its
    /// deadline passed. Where a release waits for confirmation, opens the round that confirms it.
    /// @dev Emits {JobClosed} or {RoundOpened}.
    function closeJob(uint256 jobId) external;

    // ---- the market ----

    /// @notice Begins a job. Only the market.
    /// @param modelDigest sha2-256 digest of the content id of the initial model.
    function post(uint256 jobId, address initiator, bytes32 modelDigest, Terms calldata terms) external;

    /// @notice Makes a trainer a member from the next round on. Only the market.
    /// @dev Emits {Joined}.
    /// @param invitation Merkle proof that the trainer is invited; empty where everyone may join.
    function admit(uint256 jobId, address trainer, bytes32[] calldata invitation) external;

    /// @notice Ends a membership: at the round's end if the trainer revealed an update in it, else at once. Only the market.
    /// @dev Emits {Left} when at once.
    function dismiss(uint256 jobId, address trainer) external returns (Departure);

    /// @notice Ends a membership that is over: the trainer left, lost it, or the job is closed. Only the market.
    /// @dev Emits {Left}.
    function release(uint256 jobId, address trainer) external returns (Departure);

    // ---- the panel ----

    /// @notice Records that the panel settled the running round, has it paid and goes on. Only the panel.
    /// @dev Emits {ModelReleased}, {RoundEnded}, {ProgressConfirmed}, {HoldoutFailed}.
    function recordSettlement(uint256 jobId, uint256 attempt, Settlement calldata settled) external;

    /// @notice Records that an attempt at the running round failed, and has its revealers paid. Only the panel.
    /// @param revealed Seats that revealed and count.
    /// @dev Emits {RoundEnded} on the second attempt.
    function recordFailure(uint256 jobId, uint256 attempt, uint256 seats, uint256 revealed) external;

    // ---- views ----

    /// @notice Returns what keeps the jobs' money.
    function MARKET() external view returns (ITrainingMarket);

    /// @notice Returns the panel that scores the rounds.
    function PANEL() external view returns (IScoringPanel);

    /// @notice Returns where the jobs' parameters stand.
    function BOOK() external view returns (IJobBook);

    /// @notice Returns where the members' trust stands.
    function TRUST() external view returns (ITrustBook);

    /// @notice Returns where a job stands at `time`, in seconds.
    function phaseAt(uint256 jobId, uint256 time) external view returns (Phase);

    /// @notice Returns a job's running state.
    function jobOf(uint256 jobId) external view returns (Job memory);

    /// @notice Returns a round's facts as of `time`, in seconds, and its result.
    function roundOf(
        uint256 jobId,
        uint256 round,
        uint256 time
    ) external view returns (RoundFacts memory, RoundResult memory);

    /// @notice Returns a round's disclosed updates. Bit j of `copies`: update j repeats an earlier commitment's bytes.
    function updatesOf(uint256 jobId, uint256 round) external view returns (Update[] memory updates, uint64 copies);

    /// @notice Returns a trainer's membership.
    function memberOf(uint256 jobId, address trainer) external view returns (Member memory);

    /// @notice Returns whether an account is initiator or member of a job.
    function isParticipant(uint256 jobId, address account) external view returns (bool);

    /// @notice Returns the running round, the number of its updates, and whether a sealed holdout was opened for it, once
    /// that is settled; reverts before.
    function disclosed(uint256 jobId) external view returns (uint256 round, uint256 updates, bool holdoutOpen);

    /// @notice Returns whether a job is posted and not closed.
    function isOpen(uint256 jobId) external view returns (bool);
}
