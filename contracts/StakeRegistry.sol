// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ledger} from "./Ledger.sol";
import {IStakeRegistry} from "./interfaces/IStakeRegistry.sol";

/// @title StakeRegistry
/// @notice Validators' stake, across jobs.
contract StakeRegistry is Ledger, IStakeRegistry {
    /// @notice The only caller that binds, frees and burns.
    address public immutable COMMITTEES;
    /// @inheritdoc IStakeRegistry
    uint256 public immutable override THAW_PERIOD;

    /// @dev Longest thaw, in seconds: a deployment must not keep for years what is staked with it. The shortest is a
    /// second, so that the same coins do not stand behind two accounts in one block.
    uint256 private constant MAX_THAW = 30 days;

    mapping(address token => mapping(address validator => uint256)) private _freeAt;

    modifier onlyCommittees() {
        if (msg.sender != COMMITTEES) revert StakeRegistry_NotCommittees(msg.sender);
        _;
    }

    /// @param committees The contract that lists validators.
    /// @param thawPeriod In seconds, from 1 to 30 days.
    constructor(address committees, uint256 thawPeriod) {
        if (committees == address(0)) revert Ledger_ZeroAddress();
        if (thawPeriod == 0 || thawPeriod > MAX_THAW) revert StakeRegistry_BadThawPeriod(thawPeriod);
        COMMITTEES = committees;
        THAW_PERIOD = thawPeriod;
    }

    /// @inheritdoc IStakeRegistry
    function stake(address token, uint256 amount, Permit calldata permit) external override {
        if (amount == 0) revert StakeRegistry_ZeroAmount();
        _usePermit(token, amount, permit);
        _book(token, _stakeOf(msg.sender), amount);
        emit Staked(token, msg.sender, amount);
        _collect(token, amount);
    }

    /// @inheritdoc IStakeRegistry
    function thaw(address token, uint256 amount) external override {
        if (amount == 0) revert StakeRegistry_ZeroAmount();
        _requireFree(token, msg.sender, amount);

        uint256 freeAt = block.timestamp + THAW_PERIOD;
        _freeAt[token][msg.sender] = freeAt;
        _move(token, _stakeOf(msg.sender), _thawOf(msg.sender), amount);
        emit Thawing(token, msg.sender, amount, freeAt);
    }

    /// @inheritdoc IStakeRegistry
    function release(address token) external override returns (uint256 amount) {
        amount = _balanceOf(token, _thawOf(msg.sender));
        uint256 freeAt = _freeAt[token][msg.sender];
        if (amount == 0 || block.timestamp < freeAt) revert StakeRegistry_NotThawed(token, msg.sender, freeAt);

        _credit(token, _thawOf(msg.sender), msg.sender, amount);
        emit Released(token, msg.sender, amount);
    }

    /// @inheritdoc IStakeRegistry
    function lock(address token, address validator, uint256 jobId, uint256 amount) external override onlyCommittees {
        _requireFree(token, validator, amount);
        _move(token, _stakeOf(validator), _lockOf(validator, jobId), amount);
        emit Locked(token, validator, jobId, amount);
    }

    /// @inheritdoc IStakeRegistry
    function unlock(address token, address validator, uint256 jobId) external override onlyCommittees {
        uint256 amount = _balanceOf(token, _lockOf(validator, jobId));
        _move(token, _lockOf(validator, jobId), _stakeOf(validator), amount);
        emit Unlocked(token, validator, jobId, amount);
    }

    /// @inheritdoc IStakeRegistry
    function slash(address token, address validator, uint256 jobId, uint256 amount) external override onlyCommittees {
        _burn(token, _lockOf(validator, jobId), amount);
        emit Slashed(token, validator, jobId, amount);
    }

    /// @inheritdoc IStakeRegistry
    function freeStake(address token, address validator) external view override returns (uint256) {
        return _balanceOf(token, _stakeOf(validator));
    }

    /// @inheritdoc IStakeRegistry
    function lockedStake(address token, address validator, uint256 jobId) external view override returns (uint256) {
        return _balanceOf(token, _lockOf(validator, jobId));
    }

    /// @inheritdoc IStakeRegistry
    function thawing(address token, address validator) external view override returns (uint256 amount, uint256 freeAt) {
        return (_balanceOf(token, _thawOf(validator)), _freeAt[token][validator]);
    }

    function _requireFree(address token, address validator, uint256 amount) private view {
        uint256 free = _balanceOf(token, _stakeOf(validator));
        if (free < amount) revert StakeRegistry_InsufficientStake(token, validator, free, amount);
    }

    function _stakeOf(address validator) private pure returns (bytes32) {
        return keccak256(abi.encode("stake", validator));
    }

    function _thawOf(address validator) private pure returns (bytes32) {
        return keccak256(abi.encode("thaw", validator));
    }

    function _lockOf(address validator, uint256 jobId) private pure returns (bytes32) {
        return keccak256(abi.encode("lock", validator, jobId));
    }
}
