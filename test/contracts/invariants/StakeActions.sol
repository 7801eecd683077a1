// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {IToken} from "./IToken.sol";
import {vm} from "../Vm.sol";
import {Action} from "./Action.sol";
import {Lens} from "./Lens.sol";

/// @notice What is done with stakes and claims: each action where the rules allow it, and what must come of it.
abstract contract StakeActions is Lens {
    function _stake(uint256 jobId, address validator, uint256 amount) internal {
        address token = books[jobId].token;
        bytes memory data = abi.encodeCall(registry.stake, (token, amount, _noPermit()));
        _cheatFirst(token, address(registry), validator, data);
        _doStake(jobId, token, validator, amount);
    }

    function _doStake(
        uint256 jobId,
        address token,
        address validator,
        uint256 amount
    ) private acts(Action.Stake, jobId, validator) {
        uint256 free = registry.freeStake(token, validator);
        deposited[address(registry)][token] += amount;
        vm.prank(validator);
        registry.stake(token, amount, _noPermit());

        require(registry.freeStake(token, validator) == free + amount, "I8: staked another amount");
    }

    function _enlist(uint256 jobId, address validator) internal {
        JobBooks memory book = books[jobId];
        if (!lifecycle.isOpen(jobId) || committees.isEnlisted(jobId, validator)) return;
        if (registry.freeStake(book.token, validator) < book.seatLock) _stake(jobId, validator, book.seatLock);
        _doEnlist(jobId, validator, book);
    }

    function _doEnlist(
        uint256 jobId,
        address validator,
        JobBooks memory book
    ) private acts(Action.Enlist, jobId, validator) {
        uint256 free = registry.freeStake(book.token, validator);
        bytes32 terms = jobBook.termsOf(jobId);
        enlistedIn[_place(jobId, 0, uint160(validator))] = rounds.rosterOf(jobId).round;
        vm.prank(validator);
        committees.enlist(jobId, terms);

        require(committees.isEnlisted(jobId, validator), "not enlisted");
        require(registry.freeStake(book.token, validator) == free - book.seatLock, "I8: not one lock");
    }

    /// @dev From Disclosure on the salts may be known that the draw follows from, and while a release waits so may
    /// those of its confirming round: the list stays as it is.
    function _canDelist(uint256 jobId, address validator) internal view returns (bool) {
        Phase phase = _phase(jobId);
        bool frozen = phase != Phase.Waiting && phase != Phase.Training && phase != Phase.Closed;
        if (phase == Phase.Waiting) frozen = _isPayPending(jobId);
        return committees.isEnlisted(jobId, validator) && !frozen;
    }

    function _delist(uint256 jobId, address validator) internal {
        if (_canDelist(jobId, validator)) _doDelist(jobId, validator);
    }

    function _doDelist(uint256 jobId, address validator) private acts(Action.Delist, jobId, validator) {
        JobBooks memory book = books[jobId];
        uint256 free = registry.freeStake(book.token, validator);
        vm.prank(validator);
        committees.delist(jobId);

        require(!committees.isEnlisted(jobId, validator), "still enlisted");
        require(registry.freeStake(book.token, validator) == free + book.seatLock, "I8: the lock is not free");
    }

    function _thaw(address token, address validator, uint256 percent) internal {
        uint256 amount = (registry.freeStake(token, validator) * percent) / 100;
        if (amount > 0) _doThaw(token, validator, amount);
    }

    function _doThaw(
        address token,
        address validator,
        uint256 amount
    ) private actsApart(Action.Thaw, token, validator) {
        uint256 free = registry.freeStake(token, validator);
        (uint256 before, ) = registry.thawing(token, validator);
        vm.prank(validator);
        registry.thaw(token, amount);

        (uint256 later, uint256 freeAt) = registry.thawing(token, validator);
        require(later == before + amount && freeAt == _now() + THAW_PERIOD, "I8: thaws another amount");
        require(registry.freeStake(token, validator) == free - amount, "I8: thaws and stays");
    }

    function _canThawOut(address token, address validator) internal view returns (bool) {
        (uint256 amount, uint256 freeAt) = registry.thawing(token, validator);
        return amount > 0 && _now() >= freeAt;
    }

    function _release(address token, address validator) internal {
        if (_canThawOut(token, validator)) _doRelease(token, validator);
    }

    function _doRelease(address token, address validator) private actsApart(Action.Release, token, validator) {
        (uint256 amount, ) = registry.thawing(token, validator);
        uint256 claim = registry.withdrawable(token, validator);
        vm.prank(validator);
        registry.release(token);

        (uint256 left, ) = registry.thawing(token, validator);
        require(left == 0, "I8: released in part");
        require(registry.withdrawable(token, validator) == claim + amount, "I8: released another amount");
    }

    function _withdraw(ILedger ledger, address token, address actor) internal {
        if (ledger.withdrawable(token, actor) == 0) return;
        _cheatFirst(token, address(ledger), actor, abi.encodeCall(ledger.withdraw, (token, actor)));
        _doWithdraw(ledger, token, actor);
    }

    function _doWithdraw(
        ILedger ledger,
        address token,
        address actor
    ) private actsApart(Action.Withdraw, token, actor) {
        uint256 amount = ledger.withdrawable(token, actor);
        uint256 wealth = IToken(token).balanceOf(actor);
        withdrawn[address(ledger)][token] += amount;
        vm.prank(actor);
        ledger.withdraw(token, actor);

        require(ledger.withdrawable(token, actor) == 0, "I2: the claim stays");
        require(IToken(token).balanceOf(actor) == wealth + amount, "I2: withdrew another amount");
    }

    function _donate(address ledger, uint256 which, uint256 amount) internal {
        if (amount > 0) _doDonate(ledger, which, amount);
    }

    function _doDonate(
        address ledger,
        uint256 which,
        uint256 amount
    ) private actsApart(Action.Donate, address(tokens[which]), stranger) {
        uint256 owed = ILedger(ledger).liabilities(address(tokens[which]));
        donated[ledger][address(tokens[which])] += amount;
        tokens[which].mint(ledger, amount);

        require(ILedger(ledger).liabilities(address(tokens[which])) == owed, "I7: a donation is owed to somebody");
    }
}
