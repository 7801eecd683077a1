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
    /// @param jobId Job id, from 1.
    /// @param initiator Account that posted the job.
    /// @param token Token that is moved or counted.
    /// @param reward Reward for all rounds, in the token's smallest unit.
    /// @param specDigest sha2-256 digest of the specification's content id.
    /// @param modelDigest sha2-256 digest of the initial model's content id.
    event JobPosted(
        uint256 indexed jobId,
        address indexed initiator,
        address indexed token,
        uint256 reward,
        bytes32 specDigest,
        bytes32 modelDigest
    );
    /// @notice Emitted when a job is over. `refunded` was credited to the initiator.
    /// @param jobId Job id, from 1.
    /// @param refunded Reward that was credited to the initiator, in the token's smallest unit.
    event JobClosed(uint256 indexed jobId, uint256 refunded);
    /// @notice Emitted when a round's trainers have earned `amount` together.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param amount Amount, in the token's smallest unit.
    event TrainersEarned(uint256 indexed jobId, uint256 indexed round, uint256 amount);
    /// @notice Emitted when an attempt's validators have earned these amounts together.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt at the round, 1 or 2.
    /// @param quality Part divided by quality, in the token's smallest unit.
    /// @param attestation Part divided among the seats that attested the model, in the token's smallest unit.
    event ValidatorsEarned(
        uint256 indexed jobId,
        uint256 indexed round,
        uint256 indexed attempt,
        uint256 quality,
        uint256 attestation
    );
    /// @notice Emitted when an update's pay is credited to its trainer.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param trainer The trainer.
    /// @param index The update's place in the round, from 0.
    /// @param amount Amount, in the token's smallest unit.
    event UpdatePaid(
        uint256 indexed jobId,
        uint256 indexed round,
        address indexed trainer,
        uint256 index,
        uint256 amount
    );
    /// @notice Emitted when a seat's pay is credited to its validator.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param validator Holder of the seat.
    /// @param attempt Attempt at the round, 1 or 2.
    /// @param seat Number of the seat, from 0.
    /// @param amount Amount, in the token's smallest unit.
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
    /// @param params All that the initiator fixes; units stand beside each field of {JobParams}.
    /// @param permit Signed allowance (EIP-2612); none where its `deadline` is 0.
    /// @return jobId Job id, from 1.
    function postJob(JobParams calldata params, Permit calldata permit) external returns (uint256 jobId);

    // ---- trainers ----

    /// @notice Makes the caller a member from the next round on, and takes its bond.
    /// @dev Needs the caller's allowance for the bond, given before or by `permit`.
    /// @param jobId Job id, from 1.
    /// @param terms {IJobBook-termsOf} of the job that the caller means, 32 bytes.
    /// @param invitation Merkle proof that the caller is invited; empty where everyone may join.
    /// @param permit Signed allowance (EIP-2612); none where its `deadline` is 0.
    function joinJob(uint256 jobId, bytes32 terms, bytes32[] calldata invitation, Permit calldata permit) external;

    /// @notice Ends the caller's membership: at the round's end if it revealed an update in it, else at once.
    /// @param jobId Job id, from 1.
    function leaveJob(uint256 jobId) external;

    // ---- anyone ----

    /// @notice Credits or burns the bond of a trainer whose membership is over.
    /// @param jobId Job id, from 1.
    /// @param trainer The trainer.
    function releaseBond(uint256 jobId, address trainer) external;

    /// @notice Credits the pay of updates. What is credited already is passed over.
    /// @dev Emits {UpdatePaid}.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param indices Bit j: update j.
    function creditTrainers(uint256 jobId, uint256 round, uint64 indices) external;

    /// @notice Credits the pay of seats. What is credited already is passed over.
    /// @dev Emits {SeatPaid}.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt 1 or 2.
    /// @param seats Bit i: seat i.
    function creditValidators(uint256 jobId, uint256 round, uint256 attempt, uint32 seats) external;

    // ---- the lifecycle ----

    /// @notice Sets aside what a round's trainers earned. Only the lifecycle.
    /// @dev Emits {TrainersEarned}.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt The attempt whose consensus divides it.
    /// @param amount In the token's smallest unit.
    function earnTrainers(uint256 jobId, uint256 round, uint256 attempt, uint256 amount) external;

    /// @notice Sets aside what a settled round's validators earned: three quarters for quality, if there is any, and
    /// one for attestation. Only the lifecycle.
    /// @dev Emits {ValidatorsEarned}.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt that settled the round, 1 or 2.
    /// @param anyQuality True where at least one seat has a quality above 0.
    function earnValidators(uint256 jobId, uint256 round, uint256 attempt, bool anyQuality) external;

    /// @notice Sets aside half an equal part for each revealer of a failed attempt that counts. Only the lifecycle.
    /// @dev Emits {ValidatorsEarned}.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt that failed, 1 or 2.
    /// @param seats Number of seats of the committee.
    /// @param revealed Number of seats that revealed and count.
    function payRevealers(uint256 jobId, uint256 round, uint256 attempt, uint256 seats, uint256 revealed) external;

    /// @notice Burns the initiator's bond. Only the lifecycle.
    /// @param jobId Job id, from 1.
    function burnInitiatorBond(uint256 jobId) external;

    /// @notice Credits the initiator with what nobody earned, and with its bond. Only the lifecycle, when the job is
    /// closed.
    /// @dev Emits {JobClosed}.
    /// @param jobId Job id, from 1.
    /// @param initiator Account that posted the job and is credited.
    function refund(uint256 jobId, address initiator) external;

    // ---- views ----

    /// @notice Returns the contract that keeps the life of jobs.
    /// @return lifecycle The lifecycle.
    function LIFECYCLE() external view returns (IJobLifecycle lifecycle);

    /// @notice Returns the contract that keeps members, rounds and updates.
    /// @return rounds The rounds.
    function ROUNDS() external view returns (ITrainingRounds rounds);

    /// @notice Returns the panel that scores the rounds.
    /// @return panel The panel.
    function PANEL() external view returns (IScoringPanel panel);

    /// @notice Returns where the jobs' parameters stand.
    /// @return book The book.
    function BOOK() external view returns (IJobBook book);

    /// @notice Returns what a round's trainers earned.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @return The pay; amounts in the token's smallest unit.
    function trainersPayOf(uint256 jobId, uint256 round) external view returns (TrainersPay memory);

    /// @notice Returns what an attempt's validators earned.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt at the round, 1 or 2.
    /// @return The pay; amounts in the token's smallest unit.
    function validatorsPayOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt
    ) external view returns (ValidatorsPay memory);
}
