// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobParams, TrainersPay, ValidatorsPay} from "../types/JobTypes.sol";
import {IJobBook} from "./IJobBook.sol";
import {IJobLifecycle} from "./IJobLifecycle.sol";
import {ILedger} from "./ILedger.sol";
import {IScoringPanel} from "./IScoringPanel.sol";
import {ITrainingRounds} from "./ITrainingRounds.sol";

/// @title ITrainingMarket
/// @notice The money of jobs: rewards, bonds, and who is paid what.
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
    /// @notice Emitted when a job is over. `refunded` was credited to the initiator.
    event JobClosed(uint256 indexed jobId, uint256 refunded);
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

    /// @notice Thrown when the caller is not the contract that keeps the life of jobs.
    error TrainingMarket_NotLifecycle(address caller);
    /// @notice Thrown when a round's payees earned nothing, or not yet.
    error TrainingMarket_NothingEarned(uint256 jobId, uint256 round);

    // ---- initiator ----

    /// @notice Posts a job and takes its reward and the initiator's bond from the caller.
    /// @dev Emits {JobPosted}. Needs the caller's allowance for their sum, given before or by `permit`.
    function postJob(JobParams calldata params, Permit calldata permit) external returns (uint256 jobId);

    // ---- trainers ----

    /// @notice Makes the caller a member from the next round on, and takes its bond.
    /// @dev Needs the caller's allowance for the bond, given before or by `permit`.
    /// @param invitation Merkle proof that the caller is invited; empty where everyone may join.
    function joinJob(uint256 jobId, bytes32[] calldata invitation, Permit calldata permit) external;

    /// @notice Ends the caller's membership: at the round's end if it revealed an update in it, else at once.
    function leaveJob(uint256 jobId) external;

    // ---- anyone ----

    /// @notice Credits or burns the bond of a trainer whose membership is over.
    function releaseBond(uint256 jobId, address trainer) external;

    /// @notice Credits the pay of updates. What is credited already is passed over.
    /// @dev Emits {UpdatePaid}.
    /// @param indices Bit j: update j.
    function creditTrainers(uint256 jobId, uint256 round, uint64 indices) external;

    /// @notice Credits the pay of seats. What is credited already is passed over.
    /// @dev Emits {SeatPaid}.
    /// @param attempt 1 or 2.
    /// @param seats Bit i: seat i.
    function creditValidators(uint256 jobId, uint256 round, uint256 attempt, uint32 seats) external;

    // ---- the lifecycle ----

    /// @notice Sets aside what a round's trainers earned. Only the lifecycle.
    /// @dev Emits {TrainersEarned}.
    /// @param attempt The attempt whose consensus divides it.
    /// @param amount In the token's smallest unit.
    function earnTrainers(uint256 jobId, uint256 round, uint256 attempt, uint256 amount) external;

    /// @notice Sets aside what a settled round's validators earned: three quarters for quality, if there is any, and one for
    /// attestation. Only the lifecycle.
    /// @dev Emits {ValidatorsEarned}.
    function earnValidators(uint256 jobId, uint256 round, uint256 attempt, bool anyQuality) external;

    /// @notice Sets aside half an equal part for each revealer of a failed attempt that counts. Only the lifecycle.
    /// @dev Emits {ValidatorsEarned}.
    function payRevealers(uint256 jobId, uint256 round, uint256 attempt, uint256 seats, uint256 revealed) external;

    /// @notice Burns the initiator's bond. Only the lifecycle.
    function burnInitiatorBond(uint256 jobId) external;

    /// @notice Credits the initiator with what nobody earned, and with its bond. Only the lifecycle, when the job is closed.
    /// @dev Emits {JobClosed}.
    function refund(uint256 jobId, address initiator) external;

    // ---- views ----

    /// @notice Returns the contract that keeps the life of jobs.
    function LIFECYCLE() external view returns (IJobLifecycle);

    /// @notice Returns the contract that keeps members, rounds and updates.
    function ROUNDS() external view returns (ITrainingRounds);

    /// @notice Returns the panel that scores the rounds.
    function PANEL() external view returns (IScoringPanel);

    /// @notice Returns where the jobs' parameters stand.
    function BOOK() external view returns (IJobBook);

    /// @notice Returns what a round's trainers earned.
    function trainersPayOf(uint256 jobId, uint256 round) external view returns (TrainersPay memory);

    /// @notice Returns what an attempt's validators earned.
    function validatorsPayOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt
    ) external view returns (ValidatorsPay memory);
}
