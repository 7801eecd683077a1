// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {Committee} from "../../../contracts/types/PanelTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {CommitteeActions} from "./CommitteeActions.sol";
import {InitiatorActions} from "./InitiatorActions.sol";
import {StakeActions} from "./StakeActions.sol";
import {StrangerActions} from "./StrangerActions.sol";
import {TrainerActions} from "./TrainerActions.sol";

/// @notice How a job goes on: in each phase, whatever each member and seat likes to do; and how a stranger ends it.
abstract contract Story is InitiatorActions, TrainerActions, StakeActions, CommitteeActions, StrangerActions {
    function _step(uint256 jobId, uint256 seed) internal {
        _comeAndGo(jobId, seed);
        // Now and then the chain stands still, whatever the phase.
        if (_random(seed, "pause", 32) == 0) return _pause(jobId, seed);
        Phase phase = _phase(jobId);
        if (_isNeglected(jobId, seed, phase)) return _neglect(jobId);
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

    /// @dev At every step somebody may leave, and somebody come late.
    function _comeAndGo(uint256 jobId, uint256 seed) private {
        for (uint256 i = 0; i < trainers.length; ++i) {
            if (_random(seed, bytes32(600 + i), 64) == 0) _leave(jobId, trainers[i]);
        }
        for (uint256 i = 0; i < validators.length; ++i) {
            if (_random(seed, bytes32(700 + i), 64) == 0) _delist(jobId, validators[i]);
        }
        if (_random(seed, "late", 16) == 0) _enlist(jobId, validators[_random(seed, "who", validators.length)]);
    }

    /// @dev No transaction until the end of the phase, and now and then none for some phases more.
    function _pause(uint256 jobId, uint256 seed) internal {
        _pass(_phaseEnd(jobId, _phase(jobId)) + _random(seed, "more", 3) * PERIOD);
    }

    /// @dev Nobody comes to a job whose release waits for its pay, until a stranger may have it confirmed.
    function _neglect(uint256 jobId) private {
        if (_phase(jobId) == Phase.Training) _pass(_facts(jobId).trainingEnd);
        _pass(lifecycle.jobOf(jobId).releasedAt + GRACE);
        _openRound(jobId);
        _close(jobId);
    }

    function _isNeglected(uint256 jobId, uint256 seed, Phase phase) private view returns (bool) {
        if (!_isPayPending(jobId) || _random(seed, "neglect", 6) == 0) return false;
        return phase == Phase.Waiting || (phase == Phase.Training && _facts(jobId).committed == 0);
    }

    /// @dev To the last third of the running phase.
    function _passToLastThird(uint256 end) private {
        _pass(end - PERIOD / 3 + 1);
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

    /// @dev Now and then all validators but two go.
    function _train(uint256 jobId, uint256 seed) private {
        bool exodus = _random(seed, "exodus", 6) == 0;
        for (uint256 i = 0; exodus && i + 2 < validators.length; ++i) _delist(jobId, validators[i]);
        if (_random(seed, "public", 8) > 0) _openHoldout(jobId);
        for (uint256 i = 0; i < trainers.length; ++i) {
            if (_random(seed, bytes32(i), 5) > 0) _commit(jobId, trainers[i], _random(seed, bytes32(i), 7));
            if (_random(seed, bytes32(200 + i), 30) == 0) _leave(jobId, trainers[i]);
        }
        if (_random(seed, "pass", 4) > 0) _pass(_facts(jobId).trainingEnd);
    }

    /// @dev Some disclose early and some late; now and then a stranger shows that the chain runs.
    function _disclose(uint256 jobId, uint256 seed) private {
        _revealSome(jobId, seed, 2, 8);
        if (_random(seed, "third", 4) > 0 && _phase(jobId) == Phase.Disclosure) {
            _passToLastThird(_facts(jobId).disclosureEnd);
            if (_random(seed, "witness", 2) == 0) _witnessRound(jobId);
            _revealSome(jobId, seed, 1, 2);
            if (_random(seed, "witness", 2) == 1) _witnessRound(jobId);
        }
        if (_random(seed, "pass", 4) > 0) _pass(_facts(jobId).disclosureEnd);
    }

    /// @dev Whose mood lies within `[from, to)`.
    function _revealSome(uint256 jobId, uint256 seed, uint256 from, uint256 to) private {
        for (uint256 i = 0; i < trainers.length; ++i) {
            uint256 mood = _random(seed, bytes32(i), 8);
            if (mood >= from && mood < to) _reveal(jobId, trainers[i]);
            if (_random(seed, bytes32(200 + i), 20) == from) _leave(jobId, trainers[i]);
        }
    }

    /// @dev Most initiators open the round's shard at once, some late and some never.
    function _examine(uint256 jobId, uint256 seed) private {
        uint256 mood = _random(seed, "holdout", 8);
        if (mood > 1) return _openHoldout(jobId);
        uint256 end = _openingEnd(jobId);
        if (_random(seed, "third", 4) > 0) {
            _passToLastThird(end);
            if (_random(seed, "witness", 2) == 0) _witnessRound(jobId);
            if (mood == 1) _openHoldout(jobId);
        }
        if (_isHoldoutDue(jobId)) _pass(end);
    }

    /// @dev Now and then nobody comes for as long as a round lasts.
    function _draw(uint256 jobId, uint256 seed) private {
        if (_isHoldoutDue(jobId)) _examine(jobId, seed);
        if (_countDrawable(jobId) < 3) {
            if (_random(seed, "nobody", 3) > 0) {
                _pass(_drawSince(jobId) + GRACE);
                return _close(jobId);
            }
            for (uint256 i = 0; i < validators.length; ++i) _enlist(jobId, validators[i]);
        }
        _pass(_now() + 1);
        _drawCommittee(jobId);
    }

    /// @dev Some seal early and some late; now and then a stranger shows that the chain runs.
    function _score(uint256 jobId, uint256 seed) private {
        (Committee memory committee, ) = _committee(jobId);
        uint256 end = committee.facts.scoringEnd;
        _scoreSome(jobId, seed, committee.facts.seats, false);
        if (_random(seed, "third", 2) == 0 && _phase(jobId) == Phase.Scoring) {
            _passToLastThird(end);
            if (_random(seed, "witness", 2) == 0) _witnessCommittee(jobId);
            _scoreSome(jobId, seed, committee.facts.seats, true);
        }
        // Read again: it ends early once all have acted.
        (committee, ) = _committee(jobId);
        if (_random(seed, "pass", 8) > 0) _pass(committee.facts.scoringEnd);
    }

    function _scoreSome(uint256 jobId, uint256 seed, uint256 seats, bool late) private {
        for (uint256 i = 0; i < seats; ++i) if (_acts(seed, i, late)) _commitScores(jobId, i, seed);
    }

    /// @dev The same for what seats open.
    function _open(uint256 jobId, uint256 seed) private {
        (Committee memory committee, ) = _committee(jobId);
        uint256 end = committee.facts.revealEnd;
        _openSome(jobId, seed, committee.facts.seats, false);
        if (_random(seed, "third", 2) == 0 && _phase(jobId) == Phase.Reveal) {
            _passToLastThird(end);
            if (_random(seed, "witness", 2) == 0) _witnessCommittee(jobId);
            _openSome(jobId, seed, committee.facts.seats, true);
        }
        // Read again: it ends early once all have acted.
        (committee, ) = _committee(jobId);
        if (_random(seed, "pass", 8) > 0) _pass(committee.facts.revealEnd);
    }

    function _openSome(uint256 jobId, uint256 seed, uint256 seats, bool late) private {
        for (uint256 i = 0; i < seats; ++i) if (_acts(seed, i, late)) _revealScores(jobId, i);
    }

    /// @dev Mostly all seats act at once; else one in six waits, and one in six stays silent.
    function _acts(uint256 seed, uint256 seat, bool late) private pure returns (bool) {
        if (_random(seed, "diligent", 3) > 0) return !late;
        uint256 mood = _random(seed, bytes32(seat), 6);
        return late ? mood == 1 : mood > 1;
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

    /// @notice I10 and I15: one stranger ends every job; then everyone takes out what is theirs.
    /// @dev The honest token's users first, while the other token lets nobody have anything: they lose nothing by it.
    function exit() external {
        uint256 jobs = jobBook.jobCount();
        for (uint256 jobId = 1; jobId <= jobs; ++jobId) _strangerFrees(jobId);
        for (uint256 jobId = 1; jobId <= jobs; ++jobId) {
            if (_phase(jobId) != Phase.Closed) _pass(jobBook.paramsOf(jobId).deadline);
            _close(jobId);
            require(_phase(jobId) == Phase.Closed, "I10: a job does not end");
        }
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

    /// @dev I15: from any state on, without anyone who takes part and without the deadline, a stranger brings a job to
    /// where no claim waits for anybody, within the time that a job waits for a committee or for members and the length
    /// of one round: it is closed, or waits for a round while no pay is pending.
    function _strangerFrees(uint256 jobId) private {
        uint256 start = _now();
        for (uint256 step = 0; step < 40; ++step) {
            Phase phase = _phase(jobId);
            bool waits = phase == Phase.Waiting && !_isPayPending(jobId);
            if (waits) _close(jobId);
            if (phase == Phase.Closed || waits) {
                require(_now() - start <= 2 * GRACE, "I15: claims wait too long");
                return _goFree(jobId);
            }
            _strangerMoves(jobId, phase);
        }
        revert("I15: a job is stuck");
    }

    function _strangerMoves(uint256 jobId, Phase phase) private {
        if (phase == Phase.Waiting) {
            if (!_canClose(jobId)) _pass(lifecycle.jobOf(jobId).releasedAt + GRACE);
            _openRound(jobId);
            return _close(jobId);
        }
        if (phase == Phase.Draw && _countDrawable(jobId) < 3) {
            _pass(_drawSince(jobId) + GRACE);
            return _close(jobId);
        }
        if (phase == Phase.Draw && !_isHoldoutDue(jobId)) return _drawCommittee(jobId);
        if (phase == Phase.Tally) return _tally(jobId, 64);
        _pass(_phaseEnd(jobId, phase));
        if (phase == Phase.Settlement) _fail(jobId);
    }

    /// @dev While a job merely waits, and once it is closed, every member and every validator may go, at once.
    function _goFree(uint256 jobId) private {
        for (uint256 i = 0; i < trainers.length; ++i) {
            if (rounds.memberOf(jobId, trainers[i]).leaving == 0) _leave(jobId, trainers[i]);
            else _releaseBond(jobId, trainers[i]);
            require(rounds.memberOf(jobId, trainers[i]).since == 0, "I15: a member that waits cannot leave");
        }
        for (uint256 i = 0; i < validators.length; ++i) {
            _delist(jobId, validators[i]);
            require(!committees.isEnlisted(jobId, validators[i]), "I15: a validator that waits cannot leave");
        }
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
