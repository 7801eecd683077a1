// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILedger} from "./ILedger.sol";

/// @title IStakeRegistry
/// @notice Validators' stake, across jobs. Free stake thaws and is withdrawn; locked stake answers for a seat.
interface IStakeRegistry is ILedger {
    /// @notice Emitted when `validator` adds to its stake.
    /// @param token Token that is moved or counted.
    /// @param validator The validator.
    /// @param amount Amount, in the token's smallest unit.
    event Staked(address indexed token, address indexed validator, uint256 amount);
    /// @notice Emitted when `validator` begins to take stake out; it is credited by {IStakeRegistry-release} from
    /// `freeAt` on.
    /// @param token Token that is moved or counted.
    /// @param validator The validator.
    /// @param amount Amount, in the token's smallest unit.
    /// @param freeAt Time from which it can be released, in seconds.
    event Thawing(address indexed token, address indexed validator, uint256 amount, uint256 freeAt);
    /// @notice Emitted when thawed stake becomes withdrawable.
    /// @param token Token that is moved or counted.
    /// @param validator The validator.
    /// @param amount Amount, in the token's smallest unit.
    event Released(address indexed token, address indexed validator, uint256 amount);
    /// @notice Emitted when stake is bound to a job.
    /// @param token Token that is moved or counted.
    /// @param validator The validator.
    /// @param jobId Job id, from 1.
    /// @param amount Amount, in the token's smallest unit.
    event Locked(address indexed token, address indexed validator, uint256 indexed jobId, uint256 amount);
    /// @notice Emitted when stake is no longer bound to a job.
    /// @param token Token that is moved or counted.
    /// @param validator The validator.
    /// @param jobId Job id, from 1.
    /// @param amount Amount, in the token's smallest unit.
    event Unlocked(address indexed token, address indexed validator, uint256 indexed jobId, uint256 amount);
    /// @notice Emitted when locked stake is burned.
    /// @param token Token that is moved or counted.
    /// @param validator The validator.
    /// @param jobId Job id, from 1.
    /// @param amount Amount, in the token's smallest unit.
    event Slashed(address indexed token, address indexed validator, uint256 indexed jobId, uint256 amount);

    /// @notice Thrown when the thaw period, in seconds, is 0 or above 30 days.
    error StakeRegistry_BadThawPeriod(uint256 thawPeriod);
    /// @notice Thrown when another account than the committees locks, unlocks or slashes.
    error StakeRegistry_NotCommittees(address caller);
    /// @notice Thrown when `validator` has less free stake than asked for.
    error StakeRegistry_InsufficientStake(address token, address validator, uint256 free, uint256 amount);
    /// @notice Thrown when an amount is zero.
    error StakeRegistry_ZeroAmount();
    /// @notice Thrown when nothing thaws, or not long enough yet.
    error StakeRegistry_NotThawed(address token, address validator, uint256 freeAt);

    /// @notice Adds `amount` of `token`, in its smallest unit, to the caller's free stake.
    /// @dev Emits {Staked}. Needs the caller's allowance, given before or by `permit`.
    /// @param token Token that is moved or counted.
    /// @param amount Amount to add, in the token's smallest unit.
    /// @param permit Signed allowance (EIP-2612); none where its `deadline` is 0.
    function stake(address token, uint256 amount, Permit calldata permit) external;

    /// @notice Begins to take `amount` of the caller's free stake out.
    /// @dev Emits {Thawing}. The thaw period starts again for all that thaws.
    /// @param token Token that is moved or counted.
    /// @param amount Amount to take out, in the token's smallest unit.
    function thaw(address token, uint256 amount) external;

    /// @notice Makes the caller's thawed stake withdrawable.
    /// @dev Emits {Released}.
    /// @param token Token that is moved or counted.
    /// @return amount What became withdrawable, in the token's smallest unit.
    function release(address token) external returns (uint256 amount);

    /// @notice Binds free stake of `validator` to a job. Only the committees.
    /// @dev Emits {Locked}.
    /// @param token Token that is moved or counted.
    /// @param validator The validator.
    /// @param jobId Job id, from 1.
    /// @param amount Amount to bind, in the token's smallest unit.
    function lock(address token, address validator, uint256 jobId, uint256 amount) external;

    /// @notice Frees all stake of `validator` that is bound to a job. Only the committees.
    /// @dev Emits {Unlocked}.
    /// @param token Token that is moved or counted.
    /// @param validator The validator.
    /// @param jobId Job id, from 1.
    function unlock(address token, address validator, uint256 jobId) external;

    /// @notice Burns stake of `validator` that is bound to a job, `amount` at the most. Only the committees.
    /// @dev Emits {Slashed}. Never reaches the rest of the stake.
    /// @param token Token that is moved or counted.
    /// @param validator The validator.
    /// @param jobId Job id, from 1.
    /// @param amount Amount to burn, in the token's smallest unit.
    function slash(address token, address validator, uint256 jobId, uint256 amount) external;

    /// @notice Returns stake that is neither locked nor thawing, in the token's smallest unit.
    /// @param token Token that is moved or counted.
    /// @param validator The validator.
    /// @return Amount, in the token's smallest unit.
    function freeStake(address token, address validator) external view returns (uint256);

    /// @notice Returns stake bound to a job, in the token's smallest unit.
    /// @param token Token that is moved or counted.
    /// @param validator The validator.
    /// @param jobId Job id, from 1.
    /// @return Amount, in the token's smallest unit.
    function lockedStake(address token, address validator, uint256 jobId) external view returns (uint256);

    /// @notice Returns stake on its way out, in the token's smallest unit, and when it is free, in seconds.
    /// @param token Token that is moved or counted.
    /// @param validator The validator.
    /// @return amount Amount, in the token's smallest unit.
    /// @return freeAt Time from which it can be released, in seconds.
    function thawing(address token, address validator) external view returns (uint256 amount, uint256 freeAt);

    /// @notice Returns how long stake thaws, in seconds.
    /// @return Period, in seconds.
    function THAW_PERIOD() external view returns (uint256);
}
