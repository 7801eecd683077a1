// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ledger} from "../../../contracts/Ledger.sol";
import {Job, JobParams, Member, RoundFacts, RoundOutcome} from "../../../contracts/types/JobTypes.sol";
import {Stage} from "./Stage.sol";

/// @notice Every action that a history is made of.
enum Action {
    Post,
    Join,
    Leave,
    ReleaseBond,
    Cancel,
    Close,
    Open,
    Commit,
    Reveal,
    Arm,
    Draw,
    CommitScores,
    RevealScores,
    Tally,
    Attest,
    Settle,
    Fail,
    CreditTrainers,
    CreditValidators,
    Enlist,
    Delist,
    Stake,
    Thaw,
    Release,
    Withdraw,
    Donate,
    OpenHoldout
}

/// @notice Books kept beside the contracts', and what each single action may and may not change.
abstract contract Ghosts is Stage {
    uint256 internal constant ACTIONS = 27;

    struct Books {
        uint256 funded;
        uint256 paid;
        uint256 refunded;
        uint256 bonds;
        uint256 initiatorBond;
    }

    struct Snapshot {
        address token;
        uint256[] market;
        uint256[] registry;
        /// Free, thawing and locked for this job, by validator.
        uint256[] stakes;
        uint256 marketBurned;
        uint256 registryBurned;
        uint256 reward;
        uint256 earned;
        bytes32 elsewhere;
    }

    /// @notice Successes by action.
    uint256[ACTIONS] public successes;
    mapping(uint256 jobId => Books) internal books;
    mapping(address ledger => mapping(address token => uint256)) internal deposited;
    mapping(address ledger => mapping(address token => uint256)) internal withdrawn;
    mapping(address ledger => mapping(address token => uint256)) internal donated;

    /// @dev Wraps an action of `actor` on a job; 0 stands for none.
    modifier acts(Action action, uint256 jobId, address actor) {
        Snapshot memory before = _snapshot(jobId);
        _;
        _compare(action, jobId, actor, before, _snapshot(jobId));
        ++successes[uint256(action)];
    }

    // ---------------------------------------------------------------- after each action

    function _compare(
        Action action,
        uint256 jobId,
        address actor,
        Snapshot memory before,
        Snapshot memory later
    ) private {
        _checkFalls(action, actor, before, later);
        if (jobId == 0) return;
        _checkSlashes(action, jobId, before, later);
        _book(action, jobId, before, later);
        // I4: an action on one job changes nothing of another.
        require(before.elsewhere == later.elsewhere, "I4: another job changed");
    }

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

    /// @dev I5: a slash never exceeds the lock and goes only to the declared sink. Only a tally slashes.
    function _checkSlashes(Action action, uint256 jobId, Snapshot memory before, Snapshot memory later) private view {
        if (action == Action.Stake) return;
        uint256 lock = jobBook.paramsOf(jobId).seatLock;
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

    /// @dev I3 per job: paid + refunded + remaining = funded, to the unit. Bonds stand apart and go to their owner or the sink.
    function _book(Action action, uint256 jobId, Snapshot memory before, Snapshot memory later) private {
        Books storage book = books[jobId];
        JobParams memory params = jobBook.paramsOf(jobId);
        uint256 risen = 0;
        for (uint256 i = 0; i < actors.length; ++i) risen += later.market[i] - before.market[i];
        uint256 burnt = later.marketBurned - before.marketBurned;

        uint256 freed = book.initiatorBond - market.balanceIn(params.token, _pot("initiator", jobId));
        book.initiatorBond -= freed;

        if (action == Action.Leave || action == Action.ReleaseBond) {
            require(risen + burnt == 0 || risen + burnt == params.bond, "I3: not one bond");
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
        require(market.balanceIn(params.token, _pot("bond", jobId)) == book.bonds, "I3: bonds");
        _checkMembers(jobId, params.bond);
    }

    /// @dev A bond a member; and between rounds the job counts those who can take part in the next one.
    function _checkMembers(uint256 jobId, uint256 bond) private view {
        (uint256 members, uint256 active) = (0, 0);
        for (uint256 i = 0; i < trainers.length; ++i) {
            Member memory member = rounds.memberOf(jobId, trainers[i]);
            if (member.since == 0) continue;
            ++members;
            if (member.leaving == 0 && member.lastCommitted <= member.lastRevealed) ++active;
        }
        require(books[jobId].bonds == bond * members, "I3: a bond a member");
        Job memory job = rounds.jobOf(jobId);
        (RoundFacts memory facts, ) = rounds.roundOf(jobId, job.round, 0);
        bool running = job.round != 0 && facts.outcome == RoundOutcome.None;
        require(running || job.closed || job.members == active, "members of the next round");
    }

    function _snapshot(uint256 jobId) private view returns (Snapshot memory snapshot) {
        snapshot.token = jobId == 0 ? address(tokens[0]) : jobBook.paramsOf(jobId).token;
        snapshot.market = new uint256[](actors.length);
        snapshot.registry = new uint256[](actors.length);
        for (uint256 i = 0; i < actors.length; ++i) {
            snapshot.market[i] = market.withdrawable(snapshot.token, actors[i]);
            snapshot.registry[i] = registry.withdrawable(snapshot.token, actors[i]);
        }
        if (jobId == 0) return snapshot;
        snapshot.stakes = new uint256[](validators.length);
        for (uint256 i = 0; i < validators.length; ++i) {
            (uint256 thawing, ) = registry.thawing(snapshot.token, validators[i]);
            snapshot.stakes[i] =
                thawing +
                registry.freeStake(snapshot.token, validators[i]) +
                registry.lockedStake(snapshot.token, validators[i], jobId);
        }
        snapshot.marketBurned = market.burned(snapshot.token);
        snapshot.registryBurned = registry.burned(snapshot.token);
        snapshot.reward = market.balanceIn(snapshot.token, _pot("reward", jobId));
        snapshot.earned = market.balanceIn(snapshot.token, _pot("earned", jobId));
        snapshot.elsewhere = _fingerprint(jobId == 1 ? jobBook.jobCount() : jobId - 1);
    }

    /// @dev All of a job that another job's actions could reach.
    function _fingerprint(uint256 jobId) private view returns (bytes32) {
        uint256 round = rounds.jobOf(jobId).round;
        address token = jobBook.paramsOf(jobId).token;
        uint256 locks = 0;
        for (uint256 i = 0; i < validators.length; ++i) {
            locks = (locks << 50) | registry.lockedStake(token, validators[i], jobId);
        }
        (bytes32 facts, bytes32 seats) = _roundHashes(jobId, round);
        return
            keccak256(
                abi.encode(
                    keccak256(abi.encode(rounds.jobOf(jobId))),
                    facts,
                    seats,
                    panel.enlistedOf(jobId),
                    market.balanceIn(token, _pot("reward", jobId)),
                    market.balanceIn(token, _pot("earned", jobId)),
                    market.balanceIn(token, _pot("bond", jobId)),
                    market.balanceIn(token, _pot("initiator", jobId)),
                    locks
                )
            );
    }

    function _roundHashes(uint256 jobId, uint256 round) private view returns (bytes32 facts, bytes32 seats) {
        (bool success, bytes memory data) = address(rounds).staticcall(
            abi.encodeCall(rounds.roundOf, (jobId, round, 0))
        );
        require(success, "roundOf");
        facts = keccak256(data);
        uint256 attempt = panel.attemptOf(jobId, round);
        (success, data) = address(panel).staticcall(abi.encodeCall(panel.committeeOf, (jobId, round, attempt)));
        require(success, "committeeOf");
        seats = keccak256(data);
    }

    // ---------------------------------------------------------------- at any time

    /// @notice I1 per token: liabilities <= balance.
    function checkI1() public view {
        for (uint256 t = 0; t < tokens.length; ++t) {
            address token = address(tokens[t]);
            require(market.liabilities(token) <= tokens[t].balanceOf(address(market)), "I1: market");
            require(registry.liabilities(token) <= tokens[t].balanceOf(address(registry)), "I1: registry");
        }
    }

    /// @notice I2: deposited = withdrawn + liabilities, and liabilities = pots + users + burned. (Refunds are withdrawn too.)
    function checkI2() public view {
        for (uint256 t = 0; t < tokens.length; ++t) {
            address token = address(tokens[t]);
            _checkFlow(market, token);
            _checkFlow(registry, token);
            uint256 owed = market.burned(token);
            for (uint256 i = 0; i < actors.length; ++i) owed += market.withdrawable(token, actors[i]);
            for (uint256 jobId = 1; jobId <= jobBook.jobCount(); ++jobId) {
                owed += market.balanceIn(token, _pot("reward", jobId));
                owed += market.balanceIn(token, _pot("earned", jobId));
                owed += market.balanceIn(token, _pot("bond", jobId));
                owed += market.balanceIn(token, _pot("initiator", jobId));
            }
            require(owed == market.liabilities(token), "I2: liabilities");
        }
    }

    function _checkFlow(Ledger ledger, address token) private view {
        uint256 out = withdrawn[address(ledger)][token];
        require(deposited[address(ledger)][token] == out + ledger.liabilities(token), "I2: deposited");
    }

    /// @notice I7: donations change nobody's claim: what exceeds the liabilities is exactly what was donated.
    function checkI7() public view {
        for (uint256 t = 0; t < tokens.length; ++t) {
            _checkSurplus(market, t);
            _checkSurplus(registry, t);
        }
    }

    function _checkSurplus(Ledger ledger, uint256 t) private view {
        address token = address(tokens[t]);
        uint256 surplus = tokens[t].balanceOf(address(ledger)) - ledger.liabilities(token);
        require(surplus == donated[address(ledger)][token], "I7: surplus");
    }

    /// @notice I8: locked <= staked (one lock of the job's size for each enlistment, none without), and the sum of stakes is the
    /// registry's balance.
    function checkI8() public view {
        for (uint256 t = 0; t < tokens.length; ++t) {
            address token = address(tokens[t]);
            uint256 total = registry.burned(token) + donated[address(registry)][token];
            for (uint256 i = 0; i < actors.length; ++i) {
                (uint256 thawing, ) = registry.thawing(token, actors[i]);
                total += thawing + registry.freeStake(token, actors[i]) + registry.withdrawable(token, actors[i]);
            }
            for (uint256 jobId = 1; jobId <= jobBook.jobCount(); ++jobId) total += _locked(jobId, token);
            require(total == tokens[t].balanceOf(address(registry)), "I8: stakes");
        }
    }

    function _locked(uint256 jobId, address token) private view returns (uint256 locked) {
        JobParams memory params = jobBook.paramsOf(jobId);
        for (uint256 i = 0; i < validators.length; ++i) {
            uint256 amount = registry.lockedStake(token, validators[i], jobId);
            bool holds = params.token == token && panel.isEnlisted(jobId, validators[i]);
            require(amount == (holds ? params.seatLock : 0), "I8: lock");
            locked += amount;
        }
    }
}
