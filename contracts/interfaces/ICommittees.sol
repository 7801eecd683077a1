// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobBook} from "./IJobBook.sol";
import {IJobLifecycle} from "./IJobLifecycle.sol";
import {IScoringPanel} from "./IScoringPanel.sol";
import {IStakeRegistry} from "./IStakeRegistry.sol";
import {ITrainingRounds} from "./ITrainingRounds.sol";

/// @title ICommittees
/// @notice Which validators offer to score a job, with what at stake, and whom the draw seats. Holds no money.
interface ICommittees {
    /// @notice Emitted when a validator offers to score a job.
    /// @param jobId Job id, from 1.
    /// @param validator The validator.
    event Enlisted(uint256 indexed jobId, address indexed validator);
    /// @notice Emitted when a validator is off a job's list: it left, or it was slashed.
    /// @param jobId Job id, from 1.
    /// @param validator The validator.
    event Delisted(uint256 indexed jobId, address indexed validator);
    /// @notice Emitted when a committee is drawn. Places in `validators` are the seats.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt at the round, 1 or 2.
    /// @param seed Seed of the draw, 32 bytes.
    /// @param validators The validators drawn; places in this list are the seats.
    event CommitteeDrawn(
        uint256 indexed jobId,
        uint256 indexed round,
        uint256 attempt,
        bytes32 seed,
        address[] validators
    );

    /// @notice Thrown when the caller is not the panel.
    error Committees_NotPanel(address caller);
    /// @notice Thrown when the caller is not the contract that keeps the life of jobs.
    error Committees_NotLifecycle(address caller);
    /// @notice Thrown when no such job is open.
    error Committees_JobNotOpen(uint256 jobId);
    /// @notice Thrown when the account is initiator or trainer of the job.
    error Committees_RoleTaken(uint256 jobId, address account);
    /// @notice Thrown when the validator is enlisted already.
    error Committees_AlreadyEnlisted(uint256 jobId, address validator);
    /// @notice Thrown when the validator is not enlisted.
    error Committees_NotEnlisted(uint256 jobId, address validator);
    /// @notice Thrown when the list stands still until the round ends.
    error Committees_ListFrozen(uint256 jobId);
    /// @notice Thrown when fewer validators are enlisted than a committee needs.
    error Committees_TooFewEnlisted(uint256 jobId, uint256 enlisted);

    // ---- validators ----

    /// @notice Offers to score a job and locks the caller's stake for one seat. It can be drawn from the next round on.
    /// @dev Emits {Enlisted}.
    /// @param jobId Job id, from 1.
    /// @param terms {IJobBook-termsOf} of the job that the caller means, 32 bytes.
    function enlist(uint256 jobId, bytes32 terms) external;

    /// @notice Takes the offer back and frees the stake. Phases Waiting, Training and Closed: from Training's end to
    /// the round's the list stands still, and while a release waits for its confirmation outside of a round.
    /// @dev Emits {Delisted}.
    /// @param jobId Job id, from 1.
    function delist(uint256 jobId) external;

    // ---- anyone ----

    /// @notice Draws the committee. Phase Draw.
    /// @dev Emits {CommitteeDrawn}.
    /// @param jobId Job id, from 1.
    function drawCommittee(uint256 jobId) external;

    // ---- the lifecycle ----

    /// @notice Fixes the list of the round that opens: the validators enlisted by now. Only the lifecycle.
    /// @param jobId Job id, from 1.
    function fixList(uint256 jobId) external;

    // ---- the panel ----

    /// @notice Burns a part of a seat's lock, frees the rest and strikes the validator off the list. Only the panel.
    /// @dev Emits {Delisted}.
    /// @param jobId Job id, from 1.
    /// @param token Token of the lock.
    /// @param validator Holder of the seat.
    /// @param amount What burns, in the token's smallest unit.
    function slash(uint256 jobId, address token, address validator, uint256 amount) external;

    // ---- views ----

    /// @notice Returns the book of jobs' parameters and of the contracts' addresses.
    /// @return book The book.
    function BOOK() external view returns (IJobBook book);

    /// @notice Returns the contract that keeps the life of jobs.
    /// @return lifecycle The contract.
    function LIFECYCLE() external view returns (IJobLifecycle lifecycle);

    /// @notice Returns the contract whose rounds committees are drawn for.
    /// @return rounds The contract.
    function ROUNDS() external view returns (ITrainingRounds rounds);

    /// @notice Returns the panel that the drawn are seated in.
    /// @return panel The panel.
    function PANEL() external view returns (IScoringPanel panel);

    /// @notice Returns the registry that holds the validators' stake.
    /// @return registry The registry.
    function REGISTRY() external view returns (IStakeRegistry registry);

    /// @notice Returns how many validators are enlisted for a job.
    /// @param jobId Job id, from 1.
    /// @return count Number of validators.
    function enlistedCount(uint256 jobId) external view returns (uint256 count);

    /// @notice Returns how many of the list's first validators the running round's draws pick from.
    /// @param jobId Job id, from 1.
    /// @return count Those enlisted when the round opened; filled up to 3 with the earliest others where fewer are
    /// left.
    function drawableCount(uint256 jobId) external view returns (uint256 count);

    /// @notice Returns the validators enlisted for a job.
    /// @param jobId Job id, from 1.
    /// @return validators In the order of the list, which the draw picks from.
    function enlistedOf(uint256 jobId) external view returns (address[] memory validators);

    /// @notice Returns whether a validator is enlisted for a job.
    /// @param jobId Job id, from 1.
    /// @param validator Account that is looked up.
    /// @return enlisted True where it is in the list.
    function isEnlisted(uint256 jobId, address validator) external view returns (bool enlisted);
}
