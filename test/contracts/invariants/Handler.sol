// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../Vm.sol";
import {Story} from "./Story.sol";

/// @notice Random users. Each handler looks, from a random place on, for a job and an actor that the rules allow its
/// action, and demands that it does what it should.
contract Handler is Story {
    uint256 private constant MOST_JOBS = 6;
    uint256 private constant MOST_OPEN = 2;

    constructor() {
        vm.warp(1_000_000);
        vm.roll(1_000);
        _deploy();
        for (uint256 i = 0; i < 2; ++i) _post(initiators[i], _params(uint256(keccak256(abi.encode("first", i)))));
        for (uint256 jobId = 1; jobId <= 2; ++jobId) {
            for (uint256 i = 0; i < 3; ++i) _join(jobId, trainers[i]);
            for (uint256 i = 0; i < 4; ++i) _enlist(jobId, validators[i]);
        }
    }

    /// @dev Before every second action a job goes some steps on, so that actions find jobs in all phases.
    modifier sometime(uint256 seed) {
        if (_random(seed, "goes on", 2) == 0) _goOn(seed, 10);
        _;
    }

    /// @notice The handlers that a history is made of: all but the end.
    function handlers() external pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](19);
        selectors[0] = this.post.selector;
        selectors[1] = this.join.selector;
        selectors[2] = this.quit.selector;
        selectors[3] = this.releaseBond.selector;
        selectors[4] = this.cancel.selector;
        selectors[5] = this.close.selector;
        selectors[6] = this.stake.selector;
        selectors[7] = this.enlist.selector;
        selectors[8] = this.delist.selector;
        selectors[9] = this.thaw.selector;
        selectors[10] = this.release.selector;
        selectors[11] = this.withdraw.selector;
        selectors[12] = this.donate.selector;
        selectors[13] = this.creditTrainers.selector;
        selectors[14] = this.creditValidators.selector;
        selectors[15] = this.pass.selector;
        selectors[16] = this.progress.selector;
        selectors[17] = this.pause.selector;
        selectors[18] = this.witness.selector;
    }

    // ---------------------------------------------------------------- time

    function pass(uint256 seed) external {
        _pass(_now() + _random(seed, "time", 150));
    }

    /// @notice The chain stands still until the phase of a job is over, or longer.
    function pause(uint256 seed) external {
        uint256 jobId = _openJob(seed);
        if (jobId != 0) _pause(jobId, seed);
    }

    /// @notice Takes a job some phases on, with whatever each member and seat likes to do.
    function progress(uint256 seed) external {
        _goOn(seed, 16);
    }

    function progressOnce(uint256 seed) external {
        _goOn(seed, 1);
    }

    function _goOn(uint256 seed, uint256 most) private {
        uint256 jobId = _openJob(seed);
        if (jobId == 0) return;
        uint256 steps = 1 + _random(seed, "steps", most);
        for (uint256 i = 0; i < steps; ++i) _step(jobId, uint256(keccak256(abi.encode(seed, i))));
    }

    // ---------------------------------------------------------------- initiators

    function post(uint256 seed) external sometime(seed) {
        uint256 open = 0;
        for (uint256 jobId = jobBook.jobCount(); jobId > 0; --jobId) if (lifecycle.isOpen(jobId)) ++open;
        if (open >= MOST_OPEN || jobBook.jobCount() == MOST_JOBS) return;
        _post(initiators[_random(seed, "initiator", initiators.length)], _params(seed));
    }

    function cancel(uint256 seed) external sometime(seed) {
        uint256 jobId = _openJob(seed);
        if (jobId != 0 && _random(seed, "cancel", 3) > 0) _cancel(jobId);
    }

    // ---------------------------------------------------------------- trainers

    function join(uint256 seed) external sometime(seed) {
        uint256 jobId = _openJob(seed);
        if (jobId != 0) _join(jobId, _trainer(seed));
    }

    function quit(uint256 seed) external sometime(seed) {
        uint256 jobId = _openJob(seed);
        uint256 first = _random(seed, "trainer", trainers.length);
        for (uint256 i = 0; jobId != 0 && i < trainers.length; ++i) {
            address trainer = trainers[(first + i) % trainers.length];
            if (_canLeave(jobId, trainer)) return _leave(jobId, trainer);
        }
    }

    function releaseBond(uint256 seed) external sometime(seed) {
        uint256 jobId = _job(seed);
        for (uint256 i = 0; i < trainers.length; ++i) _releaseBond(jobId, trainers[i]);
    }

    // ---------------------------------------------------------------- validators

    function stake(uint256 seed) external sometime(seed) {
        _stake(_job(seed), _validator(seed), 1 + _random(seed, "amount", 1e12));
    }

    function enlist(uint256 seed) external sometime(seed) {
        uint256 jobId = _openJob(seed);
        if (jobId != 0) _enlist(jobId, _validator(seed));
    }

    function delist(uint256 seed) external sometime(seed) {
        uint256 jobId = _job(seed);
        uint256 first = _random(seed, "validator", validators.length);
        for (uint256 i = 0; i < validators.length; ++i) {
            address validator = validators[(first + i) % validators.length];
            if (_canDelist(jobId, validator)) return _delist(jobId, validator);
        }
    }

    function thaw(uint256 seed) external sometime(seed) {
        _thaw(_token(seed), _validator(seed), 1 + _random(seed, "part", 100));
    }

    function release(uint256 seed) external sometime(seed) {
        for (uint256 i = 0; i < validators.length; ++i) _release(_token(seed), validators[i]);
    }

    // ---------------------------------------------------------------- anyone

    /// @notice Shows, where it can be shown, that the chain runs.
    function witness(uint256 seed) external sometime(seed) {
        uint256 jobId = _openJob(seed);
        if (jobId == 0) return;
        uint256 end = _phaseEnd(jobId, _phase(jobId));
        if (end > _now()) _pass(end - 1 - _random(seed, "early", PERIOD / 2));
        _witnessRound(jobId);
        _witnessCommittee(jobId);
    }

    /// @notice Ends what can be ended; now and then a job's deadline comes first.
    function close(uint256 seed) external sometime(seed) {
        uint256 open = _openJob(seed);
        if (open != 0 && _random(seed, "late", 8) == 0) _pass(jobBook.paramsOf(open).deadline);
        for (uint256 jobId = jobBook.jobCount(); jobId > 0; --jobId) _close(jobId);
    }

    function withdraw(uint256 seed) external sometime(seed) {
        uint256 first = _random(seed, "actor", actors.length);
        for (uint256 i = 0; i < 4; ++i) {
            address actor = actors[(first + i) % actors.length];
            _withdraw(market, _token(seed), actor);
            _withdraw(registry, _token(seed), actor);
        }
    }

    function donate(uint256 seed) external sometime(seed) {
        address ledger = _random(seed, "ledger", 2) == 0 ? address(market) : address(registry);
        _donate(ledger, _random(seed, "token", 2), _random(seed, "amount", 1e18));
    }

    /// @notice Credits any places of every round of a job, and any places again.
    function creditTrainers(uint256 seed) external sometime(seed) {
        uint256 jobId = _job(seed);
        for (uint256 round = rounds.rosterOf(jobId).round; round > 0; --round) {
            _creditTrainers(jobId, round, _random(seed, "some", 1 << 5));
            _creditTrainers(jobId, round, _random(seed, "more", 1 << 5));
        }
    }

    function creditValidators(uint256 seed) external sometime(seed) {
        uint256 jobId = _job(seed);
        for (uint256 round = rounds.rosterOf(jobId).round; round > 0; --round) {
            for (uint256 attempt = 1; attempt <= 2; ++attempt) {
                _creditValidators(jobId, round, attempt, _random(seed, "some", 1 << 5));
                _creditValidators(jobId, round, attempt, _random(seed, "more", 1 << 5));
            }
        }
    }
}
