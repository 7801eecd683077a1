// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Attendance} from "../../../contracts/libraries/Attendance.sol";
import {Member, Roster, RoundFacts, RoundOutcome} from "../../../contracts/types/JobTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {Action} from "./Action.sol";
import {Books} from "./Books.sol";

/// @notice What each single action may and may not change.
abstract contract Ghosts is Books {
    struct JobBooks {
        uint256 funded;
        uint256 paid;
        uint256 refunded;
        uint256 bonds;
        uint256 initiatorBond;
        /// As posted: nothing of it ever changes.
        address token;
        uint256 bond;
        uint256 seatLock;
    }

    struct Snapshot {
        uint256[] market;
        uint256[] registry;
        /// Free, thawing and locked for this job, by validator.
        uint256[] stakes;
        uint256 marketBurned;
        uint256 registryBurned;
        uint256 round;
        uint256 reward;
        uint256 earned;
        bytes32 elsewhere;
    }

    /// @dev Asserted successes by action.
    mapping(Action action => uint256) private _successes;
    mapping(uint256 jobId => JobBooks) internal books;
    /// @dev Phases in whose last third the chain took a transaction of theirs.
    mapping(bytes32 phase => bool) private _witnessed;

    /// @dev Wraps an action of `actor` on a job.
    modifier acts(Action action, uint256 jobId, address actor) {
        address token = books[jobId].token;
        Snapshot memory before = _snapshot(jobId, token);
        _;
        Snapshot memory later = _snapshot(jobId, token);
        _checkFalls(action, actor, before, later);
        _checkSlashes(action, jobId, before, later);
        _book(action, jobId, before, later);
        // I4: an action on one job changes nothing of another.
        require(before.elsewhere == later.elsewhere, "I4: another job changed");
        _succeed(action);
    }

    /// @dev Wraps an action of `actor` on no job.
    modifier actsApart(Action action, address token, address actor) {
        Snapshot memory before = _snapshot(0, token);
        _;
        _checkFalls(action, actor, before, _snapshot(0, token));
        _succeed(action);
    }

    function _succeed(Action action) internal {
        ++_successes[action];
    }

    /// @notice Asserted successes, by action.
    function successes() external view returns (uint256[] memory counts) {
        counts = new uint256[](uint256(type(Action).max) + 1);
        for (uint256 i = 0; i < counts.length; ++i) counts[i] = _successes[Action(i)];
    }

    // ---------------------------------------------------------------- after each action

    /// @dev I6: nobody's balance falls except by their own withdrawal. In the registry only a release raises one.
    function _checkFalls(Action action, address actor, Snapshot memory before, Snapshot memory later) private view {
        for (uint256 i = 0; i < actors.length; ++i) {
            bool own = action == Action.Withdraw && actors[i] == actor;
            require(own || later.market[i] >= before.market[i], "I6: a balance fell in the market");
            require(own || later.registry[i] >= before.registry[i], "I6: a balance fell in the registry");
            bool released = action == Action.Release && actors[i] == actor;
            require(released || later.registry[i] <= before.registry[i], "I6: a balance rose in the registry");
        }
    }

    /// @dev I5: a slash never exceeds the lock and goes only to the declared sink. Only a tally slashes; whom and how
    /// much, {Verdicts} says.
    function _checkSlashes(Action action, uint256 jobId, Snapshot memory before, Snapshot memory later) private view {
        if (action == Action.Stake) return;
        uint256 lock = books[jobId].seatLock;
        uint256 lost = 0;
        for (uint256 i = 0; i < validators.length; ++i) {
            require(later.stakes[i] <= before.stakes[i], "I5: a stake rose");
            uint256 loss = before.stakes[i] - later.stakes[i];
            require(loss <= lock, "I5: a slash above the lock");
            lost += loss;
        }
        require(lost == later.registryBurned - before.registryBurned, "I5: slashed, not burned");
        require(lost == 0 || action == Action.Tally, "I5: slashed out of turn");
    }

    /// @dev I3 per job: paid + refunded + remaining = funded, to the unit. Bonds stand apart and go to their owner or
    /// the sink.
    function _book(Action action, uint256 jobId, Snapshot memory before, Snapshot memory later) private {
        JobBooks storage book = books[jobId];
        uint256 risen = 0;
        for (uint256 i = 0; i < actors.length; ++i) risen += later.market[i] - before.market[i];
        uint256 burnt = later.marketBurned - before.marketBurned;

        uint256 freed = book.initiatorBond - market.balanceIn(book.token, _pot("initiator", jobId));
        if (book.initiatorBond > 0) _checkHoldout(jobId, before.round, freed, burnt);
        book.initiatorBond -= freed;

        if (action == Action.Leave || action == Action.ReleaseBond) {
            require(risen + burnt == 0 || risen + burnt == book.bond, "I3: not one bond");
            book.bonds -= risen + burnt;
        } else if (action == Action.CreditTrainers || action == Action.CreditValidators) {
            require(burnt + freed == 0, "I5: burned out of turn");
            book.paid += risen;
        } else {
            // Only an initiator's bond is burned here: all of it or nothing.
            require(burnt == 0 || burnt == freed, "I5: burned out of turn");
            book.refunded += risen + burnt - freed;
        }
        require(
            book.paid + book.refunded + later.reward + later.earned == book.funded,
            "I3: paid + refunded + remaining"
        );
        require(market.balanceIn(book.token, _pot("bond", jobId)) == book.bonds, "I3: bonds");
        _checkMembers(jobId, book.bond);
        _checkList(jobId);
    }

    /// @dev I16: the list of validators holds each that is enlisted once, and nobody else; what is drawn from is a part
    /// of it.
    function _checkList(uint256 jobId) private view {
        address[] memory list = committees.enlistedOf(jobId);
        uint256 enlisted = 0;
        for (uint256 i = 0; i < validators.length; ++i) if (committees.isEnlisted(jobId, validators[i])) ++enlisted;
        require(list.length == enlisted && committees.drawableCount(jobId) <= enlisted, "I16: another length");
        for (uint256 i = 0; i < list.length; ++i) {
            require(committees.isEnlisted(jobId, list[i]), "I16: listed, not enlisted");
            for (uint256 k = 0; k < i; ++k) require(list[k] != list[i], "I16: listed twice");
        }
    }

    /// @dev I5 and I13: an initiator's bond burns as soon as a round ends, by its committees or because none came,
    /// without the round's shard open though the chain ran while it was due; and never otherwise.
    function _checkHoldout(uint256 jobId, uint256 round, uint256 freed, uint256 burnt) private view {
        RoundFacts memory facts = rounds.roundOf(jobId, round, 0);
        bool judged = facts.outcome == RoundOutcome.Settled || facts.outcome == RoundOutcome.Failed;
        bool unopened = judged && !facts.confirming && !facts.holdoutOpen;
        unopened = unopened && _isWitnessed(jobId, round, 0, Phase.Draw);
        require(!unopened || (freed > 0 && burnt == freed), "I5: the bond of a closed holdout stays");
        require(unopened || freed == 0 || burnt == 0, "I5: the bond of an open holdout burns");
    }

    /// @dev A bond a member; and between rounds the roster counts those who can take part in the next one.
    function _checkMembers(uint256 jobId, uint256 bond) private view {
        (uint256 members, uint256 active) = (0, 0);
        for (uint256 i = 0; i < trainers.length; ++i) {
            Member memory member = rounds.memberOf(jobId, trainers[i]);
            if (member.since == 0) continue;
            ++members;
            if (_isActive(jobId, member)) ++active;
        }
        require(books[jobId].bonds == bond * members, "I3: a bond a member");
        Roster memory roster = rounds.rosterOf(jobId);
        RoundFacts memory facts = rounds.roundOf(jobId, roster.round, 0);
        bool running = roster.round != 0 && facts.outcome == RoundOutcome.None;
        bool closed = lifecycle.jobOf(jobId).closed;
        require(running || closed || roster.members == active, "members of the next round");
        if (!closed) _checkExpected(jobId, roster, facts, running);
    }

    /// @dev I12, the invariant of {Attendance}: whom the next round waits for, and whom the running one still waits
    /// for. Who sealed and did not disclose while the chain stood still is excused, and counts like who disclosed.
    function _checkExpected(uint256 jobId, Roster memory roster, RoundFacts memory facts, bool running) private view {
        (uint256 expected, uint256 missing) = (0, 0);
        for (uint256 i = 0; i < trainers.length; ++i) {
            Member memory member = rounds.memberOf(jobId, trainers[i]);
            if (member.since == 0 || !_isActive(jobId, member) || !Attendance.isExpected(roster, member)) continue;
            ++expected;
            if (member.since <= roster.round && member.lastCommitted != roster.round) ++missing;
        }
        if (!running) require(roster.expected == expected, "I12: whom the next round waits for");
        if (!running || facts.confirming) return;
        require(facts.expected - facts.expectedCommitted == missing, "I12: whom the round still waits for");
    }

    /// @dev It neither leaves nor has an update that it sealed and did not disclose, or it is excused.
    function _isActive(uint256 jobId, Member memory member) private view returns (bool) {
        if (member.leaving != 0) return false;
        return member.lastCommitted <= member.lastRevealed || _isExcused(jobId, member);
    }

    /// @dev Nobody can tell that it could have disclosed.
    function _isExcused(uint256 jobId, Member memory member) private view returns (bool) {
        RoundFacts memory facts = rounds.roundOf(jobId, member.lastCommitted, 0);
        return facts.outcome != RoundOutcome.None && !_isWitnessed(jobId, member.lastCommitted);
    }

    // ---------------------------------------------------------------- witnesses

    /// @dev Notes, before a transaction, that it comes in the last third of a phase, if it does. `attempt` is 0 and
    /// `phase` Disclosure for a round's own, or Draw for the time in which its shard is to be opened.
    function _noteLate(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        Phase phase,
        uint256 start,
        uint256 end
    ) internal {
        if (_isLastThird(start, end)) _witnessed[keccak256(abi.encode(jobId, round, attempt, phase))] = true;
    }

    function _isLastThird(uint256 start, uint256 end) internal view returns (bool) {
        return _now() < end && 3 * (_now() - start) >= 2 * (end - start);
    }

    function _isWitnessed(uint256 jobId, uint256 round) internal view returns (bool) {
        return _isWitnessed(jobId, round, 0, Phase.Disclosure);
    }

    function _isWitnessed(uint256 jobId, uint256 round, uint256 attempt, Phase phase) internal view returns (bool) {
        return _witnessed[keccak256(abi.encode(jobId, round, attempt, phase))];
    }

    // ---------------------------------------------------------------- snapshots

    function _snapshot(uint256 jobId, address token) private view returns (Snapshot memory snapshot) {
        snapshot.market = new uint256[](actors.length);
        snapshot.registry = new uint256[](actors.length);
        for (uint256 i = 0; i < actors.length; ++i) {
            snapshot.market[i] = market.withdrawable(token, actors[i]);
            snapshot.registry[i] = registry.withdrawable(token, actors[i]);
        }
        if (jobId == 0) return snapshot;
        snapshot.stakes = new uint256[](validators.length);
        for (uint256 i = 0; i < validators.length; ++i) {
            snapshot.stakes[i] = _stakeOf(jobId, token, validators[i]);
        }
        snapshot.marketBurned = market.burned(token);
        snapshot.registryBurned = registry.burned(token);
        snapshot.round = rounds.rosterOf(jobId).round;
        snapshot.reward = market.balanceIn(token, _pot("reward", jobId));
        snapshot.earned = market.balanceIn(token, _pot("earned", jobId));
        snapshot.elsewhere = _fingerprint(jobId == 1 ? jobBook.jobCount() : jobId - 1);
    }

    /// @dev Free, thawing, and locked for this job.
    function _stakeOf(uint256 jobId, address token, address validator) internal view returns (uint256) {
        (uint256 thawing, ) = registry.thawing(token, validator);
        return thawing + registry.freeStake(token, validator) + registry.lockedStake(token, validator, jobId);
    }

    /// @dev All of a job that another job's actions could reach.
    function _fingerprint(uint256 jobId) private view returns (bytes32) {
        uint256 round = rounds.rosterOf(jobId).round;
        uint256 attempt = panel.attemptOf(jobId, round);
        bytes32[5] memory life = [
            _hash(address(lifecycle), abi.encodeCall(lifecycle.jobOf, (jobId))),
            _hash(address(rounds), abi.encodeCall(rounds.rosterOf, (jobId))),
            _hash(address(rounds), abi.encodeCall(rounds.roundOf, (jobId, round, 0))),
            _hash(address(panel), abi.encodeCall(panel.committeeOf, (jobId, round, attempt))),
            _hash(address(committees), abi.encodeCall(committees.enlistedOf, (jobId)))
        ];
        return keccak256(abi.encode(life, _moneyOf(jobId)));
    }

    function _hash(address target, bytes memory data) private view returns (bytes32) {
        (bool success, bytes memory returned) = target.staticcall(data);
        require(success, "a view failed");
        return keccak256(returned);
    }

    function _moneyOf(uint256 jobId) private view returns (uint256[] memory money) {
        address token = books[jobId].token;
        money = new uint256[](4 + validators.length);
        money[0] = market.balanceIn(token, _pot("reward", jobId));
        money[1] = market.balanceIn(token, _pot("earned", jobId));
        money[2] = market.balanceIn(token, _pot("bond", jobId));
        money[3] = market.balanceIn(token, _pot("initiator", jobId));
        for (uint256 i = 0; i < validators.length; ++i) {
            money[4 + i] = registry.lockedStake(token, validators[i], jobId);
        }
    }
}
