// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {Committee} from "../../../contracts/types/PanelTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {vm} from "../Vm.sol";
import {CommitteeActions} from "./CommitteeActions.sol";
import {InitiatorActions} from "./InitiatorActions.sol";
import {StakeActions} from "./StakeActions.sol";
import {StrangerActions} from "./StrangerActions.sol";
import {TrainerActions} from "./TrainerActions.sol";

/// @notice How a job goes on: in each phase, whatever each member and seat likes to do; and how a stranger ends it.
abstract contract Story is InitiatorActions, TrainerActions, StakeActions, CommitteeActions, StrangerActions {
    function _step(uint256 jobId, uint256 seed) internal {
        Phase phase = _phase(jobId);
        if (phase == Phase.Waiting) return _wait(jobId, seed);
        if (phase == Phase.Training) return _train(jobId, seed);
        if (phase == Phase.Disclosure) return _disclose(jobId, seed);
        if (phase == Phase.Draw) return _draw(jobId, seed);
        if (phase == Phase.Scoring) return _score(jobId, seed);
        if (phase == Phase.Reveal) return _open(jobId, seed);
        if (phase == Phase.Tally) return _tally(jobId, _random(seed, "count", 4));
        if (phase == Phase.Attestation) return _attest(jobId, seed);
        if (phase == Phase.Settlement) return _settleOrFail(jobId, seed);
    }

    function _wait(uint256 jobId, uint256 seed) private {
        for (uint256 i = 0; i < validators.length; ++i) {
            if (_random(seed, bytes32(i), 3) > 0) _enlist(jobId, validators[i]);
        }
        for (uint256 i = 0; i < trainers.length; ++i) {
            if (_random(seed, bytes32(100 + i), 3) > 0) _join(jobId, trainers[i]);
        }
        _openRound(jobId);
        _close(jobId);
    }

    function _train(uint256 jobId, uint256 seed) private {
        for (uint256 i = 0; i < trainers.length; ++i) {
            if (_random(seed, bytes32(i), 5) > 0) _commit(jobId, trainers[i], _random(seed, bytes32(i), 7));
            if (_random(seed, bytes32(200 + i), 30) == 0) _leave(jobId, trainers[i]);
        }
        if (_random(seed, "pass", 4) > 0) _pass(_facts(jobId).trainingEnd);
    }

    function _disclose(uint256 jobId, uint256 seed) private {
        for (uint256 i = 0; i < trainers.length; ++i) {
            if (_random(seed, bytes32(i), 8) > 0) _reveal(jobId, trainers[i]);
            if (_random(seed, bytes32(200 + i), 20) == 0) _leave(jobId, trainers[i]);
        }
        if (_random(seed, "holdout", 8) > 0) _openHoldout(jobId);
        if (_random(seed, "pass", 4) > 0) _pass(_facts(jobId).disclosureEnd);
    }

    function _draw(uint256 jobId, uint256 seed) private {
        if (committees.enlistedCount(jobId) < 3) {
            for (uint256 i = 0; i < validators.length; ++i) _enlist(jobId, validators[i]);
            return _close(jobId);
        }
        _arm(jobId);
        // Sometimes the seed expires.
        if (_random(seed, "late", 16) == 0) vm.roll(vm.getBlockNumber() + 300);
        _pass(_now() + 1);
        _drawCommittee(jobId);
    }

    function _score(uint256 jobId, uint256 seed) private {
        (Committee memory committee, ) = _committee(jobId);
        for (uint256 i = 0; i < committee.facts.seats; ++i) {
            if (_random(seed, bytes32(i), 12) > 0) _commitScores(jobId, i, seed);
        }
        // Read again: it ends early once all have acted.
        (committee, ) = _committee(jobId);
        if (_random(seed, "pass", 8) > 0) _pass(committee.facts.scoringEnd);
    }

    function _open(uint256 jobId, uint256 seed) private {
        (Committee memory committee, ) = _committee(jobId);
        for (uint256 i = 0; i < committee.facts.seats; ++i) {
            if (_random(seed, bytes32(i), 12) > 0) _revealScores(jobId, i);
        }
        // Read again: it ends early once all have acted.
        (committee, ) = _committee(jobId);
        if (_random(seed, "pass", 8) > 0) _pass(committee.facts.revealEnd);
    }

    function _attest(uint256 jobId, uint256 seed) private {
        (Committee memory committee, ) = _committee(jobId);
        for (uint256 i = 0; i < committee.facts.seats; ++i) {
            uint256 mood = _random(seed, bytes32(i), 12);
            if (mood > 0) _attestModel(jobId, i, mood == 1);
        }
        // Read again: it ends early once all have acted.
        (committee, ) = _committee(jobId);
        if (_random(seed, "pass", 8) > 0) _pass(committee.facts.attestationEnd);
    }

    /// @dev Now and then nobody settles what could be settled, until it fails.
    function _settleOrFail(uint256 jobId, uint256 seed) private {
        if (_random(seed, "settle", 4) > 0) _settle(jobId);
        (Committee memory committee, ) = _committee(jobId);
        if (_random(seed, "pass", 2) == 0) _pass(committee.facts.attestationEnd + PERIOD);
        _fail(jobId);
    }

    // ---------------------------------------------------------------- the end

    /// @notice I10: after all deadlines one stranger ends every job; then everyone takes out what is theirs.
    /// @dev The honest token's users first, while the other token lets nobody have anything: they lose nothing by it.
    function exit() external {
        uint256 jobs = jobBook.jobCount();
        for (uint256 jobId = 1; jobId <= jobs; ++jobId) _strangerCloses(jobId);
        for (uint256 jobId = 1; jobId <= jobs; ++jobId) _takeAllOut(jobId);
        for (uint256 t = 0; t < tokens.length; ++t) {
            for (uint256 i = 0; i < validators.length; ++i) _thaw(address(tokens[t]), validators[i], 100);
        }
        _pass(_now() + THAW_PERIOD);
        HostileToken hostile = HostileToken(address(tokens[1]));
        hostile.setMode(HostileToken.Mode.Reverts);
        _leaveWith(0);
        hostile.setMode(HostileToken.Mode.Honest);
        _leaveWith(1);
    }

    function _leaveWith(uint256 t) private {
        address token = address(tokens[t]);
        for (uint256 i = 0; i < actors.length; ++i) {
            _release(token, actors[i]);
            _withdraw(market, token, actors[i]);
            _withdraw(registry, token, actors[i]);
        }
        _checkDrained(t);
    }

    function _strangerCloses(uint256 jobId) private {
        for (uint256 step = 0; step < 40; ++step) {
            Phase phase = _phase(jobId);
            if (phase == Phase.Closed) return;
            if (phase == Phase.Waiting) _pass(jobBook.paramsOf(jobId).deadline);
            if (phase == Phase.Waiting) _close(jobId);
            if (phase == Phase.Training) _pass(_facts(jobId).trainingEnd);
            if (phase == Phase.Disclosure) _pass(_facts(jobId).disclosureEnd);
            if (phase == Phase.Draw) _drawOrClose(jobId);
            if (phase == Phase.Tally) _tally(jobId, 64);
            (Committee memory committee, ) = _committee(jobId);
            if (phase == Phase.Scoring) _pass(committee.facts.scoringEnd);
            if (phase == Phase.Reveal) _pass(committee.facts.revealEnd);
            if (phase == Phase.Attestation) _pass(committee.facts.attestationEnd);
            if (phase == Phase.Settlement) _pass(committee.facts.attestationEnd + PERIOD);
            if (phase == Phase.Settlement) _fail(jobId);
        }
        revert("I10: a job does not end");
    }

    function _drawOrClose(uint256 jobId) private {
        if (committees.enlistedCount(jobId) < 3) {
            _pass(jobBook.paramsOf(jobId).deadline);
            return _close(jobId);
        }
        _arm(jobId);
        _pass(_now());
        _drawCommittee(jobId);
    }

    /// @dev Every place is credited, and once more: that pays nothing.
    function _takeAllOut(uint256 jobId) private {
        for (uint256 i = 0; i < trainers.length; ++i) _releaseBond(jobId, trainers[i]);
        for (uint256 i = 0; i < validators.length; ++i) _delist(jobId, validators[i]);
        for (uint256 round = rounds.rosterOf(jobId).round; round > 0; --round) {
            for (uint256 time = 0; time < 2; ++time) {
                _creditTrainers(jobId, round, type(uint64).max);
                _creditValidators(jobId, round, 1, type(uint32).max);
                _creditValidators(jobId, round, 2, type(uint32).max);
            }
        }
    }
}
