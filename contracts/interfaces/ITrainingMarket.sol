// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttemptPay, Job, JobParams, Member, RoundFacts, RoundOutcome, RoundResult, Update} from "../types/JobTypes.sol";
import {Phase} from "../types/Phase.sol";
import {ILedger} from "./ILedger.sol";

/// @title ITrainingMarket
/// @notice Jobs, members, bonds, rounds and updates, pay.
interface ITrainingMarket is ILedger {
    /// @notice Emitted when a job is posted and funded.
    event JobPosted(
        uint256 indexed jobId,
        address indexed initiator,
        address indexed token,
        uint256 reward,
        bytes32 specDigest,
        bytes32 modelDigest
    );
    /// @notice Emitted when the initiator cancels: the running round is scored and paid, no other opens.
    event JobCancelled(uint256 indexed jobId);
    /// @notice Emitted when a job is over. `refunded` was credited to the initiator.
    event JobClosed(uint256 indexed jobId, uint256 refunded);
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
    /// @notice Emitted when a round's trainers have earned `amount` together.
    event TrainersEarned(uint256 indexed jobId, uint256 indexed round, uint256 amount);
    /// @notice Emitted when an attempt's validators have earned these amounts together.
    event ValidatorsEarned(
        uint256 indexed jobId,
        uint256 indexed round,
        uint256 indexed attempt,
        uint256 quality,
        uint256 attestation
    );
    /// @notice Emitted when an update's pay is credited to its trainer.
    event UpdatePaid(
        uint256 indexed jobId,
        uint256 indexed round,
        address indexed trainer,
        uint256 index,
        uint256 amount
    );
    /// @notice Emitted when a seat's pay is credited to its validator.
    event SeatPaid(
        uint256 indexed jobId,
        uint256 indexed round,
        address indexed validator,
        uint256 attempt,
        uint256 seat,
        uint256 amount
    );

    /// @notice Thrown when a parameter of a job is out of range. `name` is its name in {JobParams}, in ASCII.
    error TrainingMarket_BadParameter(bytes32 name);
    /// @notice Thrown when a call comes in a phase that it does not belong to.
    error TrainingMarket_WrongPhase(uint256 jobId, Phase actual);
    /// @notice Thrown when the caller is not the job's initiator.
    error TrainingMarket_NotInitiator(uint256 jobId, address caller);
    /// @notice Thrown when the caller is not the panel.
    error TrainingMarket_NotPanel(address caller);
    /// @notice Thrown when the account is not a member of the job, or not yet.
    error TrainingMarket_NotMember(uint256 jobId, address account);
    /// @notice Thrown when the account has another part in the job already.
    error TrainingMarket_RoleTaken(uint256 jobId, address account);
    /// @notice Thrown when the member leaves at the round's end.
    error TrainingMarket_Leaving(uint256 jobId, address trainer);
    /// @notice Thrown when a member has sealed an update that it must disclose before it leaves.
    error TrainingMarket_MustReveal(uint256 jobId, address trainer);
    /// @notice Thrown when the round takes no more updates.
    error TrainingMarket_RoundFull(uint256 jobId, uint256 maxUpdates);
    /// @notice Thrown when the opening does not match the commitment.
    error TrainingMarket_CommitmentMismatch(uint256 jobId, address trainer, bytes32 actual, bytes32 expected);
    /// @notice Thrown when a digest or a commitment is zero.
    error TrainingMarket_ZeroDigest();
    /// @notice Thrown when there are too few members or enlisted validators for a round.
    error TrainingMarket_TooFew(uint256 jobId);
    /// @notice Thrown when the job opens no more rounds: close it.
    error TrainingMarket_NoMoreRounds(uint256 jobId);
    /// @notice Thrown when the job is not to be closed yet.
    error TrainingMarket_NotOver(uint256 jobId);
    /// @notice Thrown when a bond is still needed.
    error TrainingMarket_BondHeld(uint256 jobId, address trainer);
    /// @notice Thrown when a round's payees earned nothing, or not yet.
    error TrainingMarket_NothingEarned(uint256 jobId, uint256 round);
    /// @notice Thrown when a committee confirms another model than the released one.
    error TrainingMarket_WrongModel(uint256 jobId, bytes32 actual, bytes32 expected);

    // ---- initiator ----

    /// @notice Posts a job and takes its reward from the caller.
    /// @dev Emits {JobPosted}. Needs the caller's allowance for `params.reward`.
    function postJob(JobParams calldata params) external returns (uint256 jobId);

    /// @notice Opens no further round. The running one is scored and paid.
    /// @dev Emits {JobCancelled}, and {JobClosed} where no round runs and nothing waits for confirmation.
    function cancelJob(uint256 jobId) external;

    // ---- trainers ----

    /// @notice Makes the caller a member from the next round on, and takes its bond.
    /// @dev Emits {Joined}. Needs the caller's allowance for the bond.
    function joinJob(uint256 jobId) external;

    /// @notice Ends the caller's membership: at the round's end if it revealed an update in it, else at once.
    /// @dev Emits {Left} when at once.
    function leaveJob(uint256 jobId) external;

    /// @notice Seals an update, or replaces the sealed one. Phase Training.
    /// @dev Emits {UpdateCommitted}.
    /// @param commitment {Commitments-ofUpdate} of the update's digest and a salt.
    function commitUpdate(uint256 jobId, bytes32 commitment) external;

    /// @notice Discloses the sealed update. Phase Disclosure.
    /// @dev Emits {UpdateRevealed}.
    /// @param digest sha2-256 digest of the update's content id.
    function revealUpdate(uint256 jobId, bytes32 digest, bytes32 salt) external;

    // ---- anyone ----

    /// @notice Opens the next round. Phase Waiting.
    /// @dev Emits {RoundOpened}.
    function openRound(uint256 jobId) external;

    /// @notice Ends a job that opens no more rounds: all are done, it is cancelled, it reached its target, or its
    /// deadline passed. Where a release waits for confirmation, opens the round that confirms it.
    /// @dev Emits {JobClosed} or {RoundOpened}.
    function closeJob(uint256 jobId) external;

    /// @notice Credits or burns the bond of a trainer whose membership is over.
    /// @dev Emits {Left}.
    function releaseBond(uint256 jobId, address trainer) external;

    /// @notice Credits the pay of updates. What is credited already is passed over.
    /// @dev Emits {UpdatePaid}.
    /// @param updates Bit j: update j.
    function creditTrainers(uint256 jobId, uint256 round, uint64 updates) external;

    /// @notice Credits the pay of seats. What is credited already is passed over.
    /// @dev Emits {SeatPaid}.
    /// @param attempt 1 or 2.
    /// @param seats Bit i: seat i.
    function creditValidators(uint256 jobId, uint256 round, uint256 attempt, uint32 seats) external;

    // ---- the panel ----

    /// @notice Records that the panel settled the running round, pays for it and goes on. Only the panel.
    /// @dev Emits {ModelReleased}, {RoundEnded}, {ValidatorsEarned}, {ProgressConfirmed}, {TrainersEarned}.
    /// @param quality Sum of the seats' quality.
    function recordSettlement(
        uint256 jobId,
        uint256 attempt,
        bytes32 digest,
        uint16 baseScore,
        uint16 score,
        uint256 quality
    ) external;

    /// @notice Records that an attempt at the running round failed, and pays its revealers. Only the panel.
    /// @dev Emits {ValidatorsEarned}; {RoundEnded} on the second attempt.
    function recordFailure(uint256 jobId, uint256 attempt, uint256 seats, uint256 revealed) external;

    // ---- views ----

    /// @notice Returns where a job stands at `time`, in seconds.
    function phaseAt(uint256 jobId, uint256 time) external view returns (Phase);

    /// @notice Returns the number of jobs posted: the last one's id.
    function jobCount() external view returns (uint256);

    /// @notice Returns a job's parameters.
    function paramsOf(uint256 jobId) external view returns (JobParams memory);

    /// @notice Returns a job's running state.
    function jobOf(uint256 jobId) external view returns (Job memory);

    /// @notice Returns a round's facts and result.
    function roundOf(uint256 jobId, uint256 round) external view returns (RoundFacts memory, RoundResult memory);

    /// @notice Returns a round's disclosed updates. Bit j of `copies`: update j repeats an earlier commitment's bytes.
    function updatesOf(uint256 jobId, uint256 round) external view returns (Update[] memory updates, uint64 copies);

    /// @notice Returns what an attempt's validators earned.
    function attemptPayOf(uint256 jobId, uint256 round, uint256 attempt) external view returns (AttemptPay memory);

    /// @notice Returns a trainer's membership.
    function memberOf(uint256 jobId, address trainer) external view returns (Member memory);

    /// @notice Returns whether an account is initiator or member of a job.
    function isParticipant(uint256 jobId, address account) external view returns (bool);

    /// @notice Returns the running round and the number of its updates once they are disclosed; reverts before.
    function disclosed(uint256 jobId) external view returns (uint256 round, uint256 updates);

    /// @notice Returns whether a job is posted and not closed.
    function isOpen(uint256 jobId) external view returns (bool);
}
