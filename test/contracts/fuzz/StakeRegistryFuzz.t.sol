// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {IStakeRegistry} from "../../../contracts/interfaces/IStakeRegistry.sol";
import {FuzzStage} from "./FuzzStage.sol";

/// @notice Every state-changing function of the registry, with any arguments, at any time, by anyone.
contract StakeRegistryFuzz is FuzzStage {
    function testFuzz_StakeRegistry_stake(
        uint256 seed,
        uint128 any,
        ILedger.Permit calldata permit
    ) external sometime(seed) {
        (address caller, address token) = (_anyone(seed), _token(seed));
        uint256 amount = seed % 4 == 0 ? any : any % 1e18;
        uint256 before = registry.freeStake(token, caller);
        bytes memory data = abi.encodeCall(registry.stake, (token, amount, permit));
        bool done = _tryWith(token, address(registry), caller, data);
        require(registry.freeStake(token, caller) == before + (done ? amount : 0), "staked another amount");
    }

    function testFuzz_StakeRegistry_thaw(uint256 seed, uint256 amount) external sometime(seed) {
        (address caller, address token) = (_anyone(seed), _token(seed));
        uint256 before = registry.freeStake(token, caller);
        if (seed % 4 != 0 && before > 0) amount = amount % (before + 1);
        bool done = _try(address(registry), caller, abi.encodeCall(registry.thaw, (token, amount)));
        require(registry.freeStake(token, caller) == before - (done ? amount : 0), "thawed another amount");
    }

    function testFuzz_StakeRegistry_release(uint256 seed) external sometime(seed) {
        (address caller, address token) = (_anyone(seed), _token(seed));
        _thawFirst(seed, caller, token);
        (uint256 amount, uint256 freeAt) = registry.thawing(token, caller);
        uint256 claim = registry.withdrawable(token, caller);
        bool done = _try(address(registry), caller, abi.encodeCall(registry.release, (token)));
        require(!done || _now() >= freeAt, "released too early");
        require(registry.withdrawable(token, caller) == claim + (done ? amount : 0), "released another amount");
    }

    function testFuzz_StakeRegistry_withdraw(uint256 seed, address to) external sometime(seed) {
        (address caller, address token) = (_anyone(seed), _token(seed));
        // A withdrawal to a ledger would be a donation.
        if (seed % 4 != 0 || to == address(market) || to == address(registry)) to = caller;
        uint256 claim = registry.withdrawable(token, caller);
        bool out = _try(address(registry), caller, abi.encodeCall(registry.withdraw, (token, to)), caller);
        require(registry.withdrawable(token, caller) == (out ? 0 : claim), "withdrawn in part");
    }

    // ---------------------------------------------------------------- for the panel only

    function testFuzz_StakeRegistry_lock(uint256 seed, uint256 who, uint256 amount) external {
        bytes memory data = abi.encodeCall(registry.lock, (_token(seed), _anyone(who), _jobId(seed), amount));
        _refuses(address(registry), _anyone(seed), data, IStakeRegistry.StakeRegistry_NotCommittees.selector);
    }

    function testFuzz_StakeRegistry_unlock(uint256 seed, uint256 who) external {
        bytes memory data = abi.encodeCall(registry.unlock, (_token(seed), _anyone(who), _jobId(seed)));
        _refuses(address(registry), _anyone(seed), data, IStakeRegistry.StakeRegistry_NotCommittees.selector);
    }

    function testFuzz_StakeRegistry_slash(uint256 seed, uint256 who, uint256 amount) external {
        bytes memory data = abi.encodeCall(registry.slash, (_token(seed), _anyone(who), _jobId(seed), amount));
        _refuses(address(registry), _anyone(seed), data, IStakeRegistry.StakeRegistry_NotCommittees.selector);
    }

    /// @dev Half of the time there is something to release, at about the time that it is free.
    function _thawFirst(uint256 seed, address caller, address token) private {
        uint256 free = registry.freeStake(token, caller);
        if (seed % 2 == 0 || free == 0) return;
        _try(address(registry), caller, abi.encodeCall(registry.thaw, (token, 1 + (seed % free))));
        _pass(_now() + THAW_PERIOD - 2 + (seed % 5));
    }
}
