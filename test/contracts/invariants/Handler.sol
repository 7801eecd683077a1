// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ledger} from "../../../contracts/Ledger.sol";
import {Holdout, Job, JobParams, Member, RoundOutcome} from "../../../contracts/types/JobTypes.sol";
import {Committee, Seat} from "../../../contracts/types/PanelTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {vm} from "../Vm.sol";
import {Action} from "./Ghosts.sol";
import {Lens} from "./Lens.sol";

/// @notice Random users: each handler picks a job and an actor from its seed and, where the rules allow the action, demands that it
/// succeeds.
contract Handler is Lens {
    uint256 internal constant MOST_JOBS = 5;

    mapping(bytes32 place => bytes32) internal digests;
    mapping(bytes32 place => uint256) internal vectors;
    /// @dev Seats that attested the truth, by attempt.
    mapping(bytes32 place => uint256) internal truthful;

    constructor() {
        vm.warp(1_000_000);
        vm.roll(1_000);
        _deploy();
        post(2);
        post(1 + (1 << 8));
        for (uint256 jobId = 1; jobId <= 2; ++jobId) {
            for (uint256 i = 0; i < 3; ++i) _join(jobId, trainers[i]);
            for (uint256 i = 0; i < 4; ++i) _enlist(jobId, validators[i]);
        }
    }

    // ---------------------------------------------------------------- handlers

    function post(uint256 seed) public {
        if (jobBook.jobCount() == MOST_JOBS) return;
        address initiator = initiators[_random(seed, "initiator", initiators.length)];
        JobParams memory params = _params(seed);
        uint256 jobId = jobBook.jobCount() + 1;
        books[jobId].funded = params.reward;
        books[jobId].initiatorBond = params.initiatorBond;
        deposited[address(market)][params.token] += uint256(params.reward) + params.initiatorBond;
        vm.prank(initiator);
        market.postJob(params, _noPermit());
        ++successes[uint256(Action.Post)];
    }

    function join(uint256 seed) external {
        _join(_job(seed), _trainer(seed));
    }

    function quit(uint256 seed) external {
        _leave(_job(seed), _trainer(seed));
    }

    function releaseBond(uint256 seed) external {
        uint256 jobId = _job(seed);
        for (uint256 i = 0; i < trainers.length; ++i) _releaseBond(jobId, trainers[i]);
    }

    function cancel(uint256 seed) external {
        uint256 jobId = _job(seed);
        if (_random(seed, "cancel", 4) == 0) _cancel(jobId);
    }

    function close(uint256 seed) external {
        _close(_job(seed));
    }

    function stake(uint256 seed) external {
        _stake(_job(seed), _validator(seed), 1 + _random(seed, "amount", 1e12));
    }

    function enlist(uint256 seed) external {
        _enlist(_job(seed), _validator(seed));
    }

    function delist(uint256 seed) external {
        _delist(_job(seed), _validator(seed));
    }

    function thaw(uint256 seed) external {
        address token = address(tokens[_random(seed, "token", 2)]);
        _thaw(token, _validator(seed), _random(seed, "part", 100));
    }

    function release(uint256 seed) external {
        address token = address(tokens[_random(seed, "token", 2)]);
        _release(token, _validator(seed));
    }

    function withdraw(uint256 seed) external {
        address token = address(tokens[_random(seed, "token", 2)]);
        for (uint256 i = 0; i < actors.length; ++i) {
            _withdraw(market, token, actors[i]);
            _withdraw(registry, token, actors[i]);
        }
    }

    function donate(uint256 seed) external {
        uint256 which = _random(seed, "token", 2);
        address ledger = _random(seed, "ledger", 2) == 0 ? address(market) : address(registry);
        _donate(ledger, which, _random(seed, "amount", 1e18));
    }

    function credit(uint256 seed) external {
        uint256 jobId = _job(seed);
        uint256 round = 1 + _random(seed, "round", rounds.jobOf(jobId).round + 1);
        uint256 bits = _random(seed, "bits", 1 << 5);
        _creditTrainers(jobId, round, uint64(bits));
        _creditValidators(jobId, round, 1 + _random(seed, "attempt", 2), uint32(bits));
    }

    function pass(uint256 seed) external {
        _pass(_now() + _random(seed, "time", 150));
    }

    /// @notice Takes a job some phases on, with whatever each member and seat likes to do.
    function progress(uint256 seed) public {
        uint256 jobId = _job(seed);
        uint256 steps = 1 + _random(seed, "steps", 6);
        for (uint256 i = 0; i < steps; ++i) _step(jobId, uint256(keccak256(abi.encode(seed, i))));
    }

    function progressAgain(uint256 seed) external {
        progress(seed);
    }

    function progressOnce(uint256 seed) external {
        _step(_job(seed), seed);
    }

    /// @notice After all deadlines one stranger ends every job, and everyone takes out what is theirs.
    function exit() external {
        uint256 jobs = jobBook.jobCount();
        for (uint256 jobId = 1; jobId <= jobs; ++jobId) _strangerCloses(jobId);
        for (uint256 jobId = 1; jobId <= jobs; ++jobId) _takeAllOut(jobId);
        for (uint256 t = 0; t < tokens.length; ++t) {
            for (uint256 i = 0; i < actors.length; ++i) _thaw(address(tokens[t]), actors[i], 100);
        }
        _pass(_now() + THAW_PERIOD);
        for (uint256 t = 0; t < tokens.length; ++t) {
            address token = address(tokens[t]);
            for (uint256 i = 0; i < actors.length; ++i) {
                _release(token, actors[i]);
                _withdraw(market, token, actors[i]);
                _withdraw(registry, token, actors[i]);
            }
        }
    }

    /// @notice I9: nothing is left but what was burned.
    function checkDrained() external view {
        for (uint256 t = 0; t < tokens.length; ++t) {
            address token = address(tokens[t]);
            require(market.liabilities(token) == market.burned(token), "I9: left in the market");
            require(registry.liabilities(token) == registry.burned(token), "I9: left in the registry");
        }
    }

    // ---------------------------------------------------------------- phases

    function _step(uint256 jobId, uint256 seed) private {
        Phase phase = rounds.phaseAt(jobId, _now());
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
        if (_random(seed, "holdout", 4) > 0) _openHoldout(jobId);
        if (_random(seed, "pass", 4) > 0) _pass(_facts(jobId).disclosureEnd);
    }

    function _draw(uint256 jobId, uint256 seed) private {
        if (panel.enlistedCount(jobId) < 3) {
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

    function _settleOrFail(uint256 jobId, uint256 seed) private {
        _settle(jobId);
        (Committee memory committee, ) = _committee(jobId);
        if (_random(seed, "pass", 2) == 0) _pass(committee.facts.attestationEnd + PERIOD);
        _fail(jobId);
    }

    function _strangerCloses(uint256 jobId) private {
        for (uint256 step = 0; step < 40; ++step) {
            Phase phase = rounds.phaseAt(jobId, _now());
            if (phase == Phase.Closed) return;
            if (phase == Phase.Waiting) {
                _pass(jobBook.paramsOf(jobId).deadline);
                _close(jobId);
            } else if (phase == Phase.Training) {
                _pass(_facts(jobId).trainingEnd);
            } else if (phase == Phase.Disclosure) {
                _pass(_facts(jobId).disclosureEnd);
            } else if (phase == Phase.Draw) {
                if (panel.enlistedCount(jobId) < 3) {
                    _pass(jobBook.paramsOf(jobId).deadline);
                    _close(jobId);
                    continue;
                }
                _arm(jobId);
                _pass(_now());
                _drawCommittee(jobId);
            } else if (phase == Phase.Tally) {
                _tally(jobId, 64);
            } else {
                (Committee memory committee, ) = _committee(jobId);
                if (phase == Phase.Scoring) _pass(committee.facts.scoringEnd);
                if (phase == Phase.Reveal) _pass(committee.facts.revealEnd);
                if (phase == Phase.Attestation) _pass(committee.facts.attestationEnd);
                if (phase == Phase.Settlement) _pass(committee.facts.attestationEnd + PERIOD);
                _fail(jobId);
            }
        }
        revert("I10: a job does not end");
    }

    function _takeAllOut(uint256 jobId) private {
        for (uint256 i = 0; i < trainers.length; ++i) _releaseBond(jobId, trainers[i]);
        for (uint256 i = 0; i < validators.length; ++i) _delist(jobId, validators[i]);
        for (uint256 round = 1; round <= rounds.jobOf(jobId).round; ++round) {
            _creditTrainers(jobId, round, type(uint64).max);
            _creditValidators(jobId, round, 1, type(uint32).max);
            _creditValidators(jobId, round, 2, type(uint32).max);
        }
    }

    // ---------------------------------------------------------------- actions: members

    function _join(uint256 jobId, address trainer) private {
        Job memory job = rounds.jobOf(jobId);
        if (job.closed || job.cancelled || rounds.isParticipant(jobId, trainer)) return;
        JobParams memory params = jobBook.paramsOf(jobId);
        books[jobId].bonds += params.bond;
        deposited[address(market)][params.token] += params.bond;
        _doJoin(jobId, trainer);
    }

    function _doJoin(uint256 jobId, address trainer) private acts(Action.Join, jobId, trainer) {
        vm.prank(trainer);
        market.joinJob(jobId, new bytes32[](0), _noPermit());
    }

    function _leave(uint256 jobId, address trainer) private {
        Member memory member = rounds.memberOf(jobId, trainer);
        if (member.since == 0 || member.leaving != 0) return;
        bool sealed_ = member.lastCommitted > member.lastRevealed;
        if (sealed_ && member.lastCommitted == rounds.jobOf(jobId).round && _now() < _facts(jobId).disclosureEnd)
            return;
        _doLeave(jobId, trainer);
    }

    function _doLeave(uint256 jobId, address trainer) private acts(Action.Leave, jobId, trainer) {
        vm.prank(trainer);
        market.leaveJob(jobId);
    }

    function _releaseBond(uint256 jobId, address trainer) private {
        Member memory member = rounds.memberOf(jobId, trainer);
        if (member.since == 0) return;
        Job memory job = rounds.jobOf(jobId);
        bool forfeited =
            member.lastCommitted > member.lastRevealed &&
                (member.lastCommitted < job.round || _now() >= _facts(jobId).disclosureEnd);
        bool left = member.leaving != 0 && _outcome(jobId, member.leaving) != RoundOutcome.None;
        if (forfeited || left || job.closed) _doReleaseBond(jobId, trainer);
    }

    function _doReleaseBond(uint256 jobId, address trainer) private acts(Action.ReleaseBond, jobId, stranger) {
        vm.prank(stranger);
        market.releaseBond(jobId, trainer);
    }

    function _commit(uint256 jobId, address trainer, uint256 content) private {
        Job memory job = rounds.jobOf(jobId);
        Member memory member = rounds.memberOf(jobId, trainer);
        if (rounds.phaseAt(jobId, _now()) != Phase.Training) return;
        if (member.since == 0 || member.since > job.round || member.leaving != 0) return;
        if (member.lastCommitted > member.lastRevealed && member.lastCommitted != job.round) return;
        bool full = _facts(jobId).committed == jobBook.paramsOf(jobId).maxUpdates;
        if (full && member.lastCommitted != job.round) return;
        if (member.lastCommitted == job.round && member.commitments == jobBook.paramsOf(jobId).retrainQuota) return;

        bytes32 digest = keccak256(abi.encode("content", content));
        digests[_place(jobId, job.round, uint160(trainer))] = digest;
        _doCommit(jobId, trainer, _updateCommitment(jobId, job.round, trainer, digest));
    }

    function _doCommit(uint256 jobId, address trainer, bytes32 commitment) private acts(Action.Commit, jobId, trainer) {
        vm.prank(trainer);
        rounds.commitUpdate(jobId, commitment);
    }

    function _reveal(uint256 jobId, address trainer) private {
        uint256 round = rounds.jobOf(jobId).round;
        Member memory member = rounds.memberOf(jobId, trainer);
        if (rounds.phaseAt(jobId, _now()) != Phase.Disclosure) return;
        if (member.lastCommitted != round || member.lastRevealed == round) return;
        _doReveal(jobId, round, trainer);
    }

    function _doReveal(uint256 jobId, uint256 round, address trainer) private acts(Action.Reveal, jobId, trainer) {
        vm.prank(trainer);
        rounds.revealUpdate(jobId, digests[_place(jobId, round, uint160(trainer))], _salt(jobId, round, trainer));
    }

    function _openHoldout(uint256 jobId) private {
        if (rounds.phaseAt(jobId, _now()) != Phase.Disclosure) return;
        bool isSealed = jobBook.paramsOf(jobId).holdout == Holdout.Sealed;
        if (isSealed && !_facts(jobId).holdoutOpen) _doOpenHoldout(jobId, rounds.jobOf(jobId).initiator);
    }

    function _doOpenHoldout(uint256 jobId, address initiator) private acts(Action.OpenHoldout, jobId, initiator) {
        uint256 shard = jobBook.shardOf(jobId, rounds.jobOf(jobId).round);
        bytes32[] memory proof = _holdoutProof(shard, jobBook.paramsOf(jobId).rounds);
        vm.prank(initiator);
        rounds.openHoldout(jobId, _key(shard), proof);
    }

    // ---------------------------------------------------------------- actions: job

    function _cancel(uint256 jobId) private {
        Job memory job = rounds.jobOf(jobId);
        if (!job.closed && !job.cancelled) _doCancel(jobId, job.initiator);
    }

    function _doCancel(uint256 jobId, address initiator) private acts(Action.Cancel, jobId, initiator) {
        vm.prank(initiator);
        rounds.cancelJob(jobId);
    }

    function _close(uint256 jobId) private {
        Job memory job = rounds.jobOf(jobId);
        JobParams memory params = jobBook.paramsOf(jobId);
        Phase phase = rounds.phaseAt(jobId, _now());
        bool late = _now() >= params.deadline;
        if (phase == Phase.Draw && (!late || panel.enlistedCount(jobId) >= 3)) return;
        if (phase != Phase.Draw && phase != Phase.Waiting) return;
        bool reached = params.targetScore != 0 && job.best >= params.targetScore;
        if (late || job.cancelled || job.round >= params.rounds || reached) _doClose(jobId);
    }

    function _doClose(uint256 jobId) private acts(Action.Close, jobId, stranger) {
        vm.prank(stranger);
        rounds.closeJob(jobId);
    }

    function _openRound(uint256 jobId) private {
        Job memory job = rounds.jobOf(jobId);
        JobParams memory params = jobBook.paramsOf(jobId);
        if (rounds.phaseAt(jobId, _now()) != Phase.Waiting) return;
        if (_now() >= params.deadline || job.cancelled || job.round >= params.rounds) return;
        if (params.targetScore != 0 && job.best >= params.targetScore) return;
        if (job.members < params.minTrainers || panel.enlistedCount(jobId) < params.minValidators) return;
        _doOpenRound(jobId);
    }

    function _doOpenRound(uint256 jobId) private acts(Action.Open, jobId, stranger) {
        vm.prank(stranger);
        rounds.openRound(jobId);
    }

    function _creditTrainers(uint256 jobId, uint256 round, uint64 bits) private {
        (, uint256 pay) = _earned(jobId, round, 0);
        if (pay > 0) _doCreditTrainers(jobId, round, bits);
    }

    function _doCreditTrainers(
        uint256 jobId,
        uint256 round,
        uint64 bits
    ) private acts(Action.CreditTrainers, jobId, stranger) {
        vm.prank(stranger);
        market.creditTrainers(jobId, round, bits);
    }

    function _creditValidators(uint256 jobId, uint256 round, uint256 attempt, uint32 bits) private {
        (uint256 pay, ) = _earned(jobId, round, attempt);
        if (pay > 0) _doCreditValidators(jobId, round, attempt, bits);
    }

    function _doCreditValidators(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        uint32 bits
    ) private acts(Action.CreditValidators, jobId, stranger) {
        vm.prank(stranger);
        market.creditValidators(jobId, round, attempt, bits);
    }

    // ---------------------------------------------------------------- actions: stake

    function _stake(uint256 jobId, address validator, uint256 amount) private {
        deposited[address(registry)][jobBook.paramsOf(jobId).token] += amount;
        _doStake(jobId, validator, amount);
    }

    function _doStake(uint256 jobId, address validator, uint256 amount) private acts(Action.Stake, jobId, validator) {
        address token = jobBook.paramsOf(jobId).token;
        vm.prank(validator);
        registry.stake(token, amount, _noPermit());
    }

    function _enlist(uint256 jobId, address validator) private {
        JobParams memory params = jobBook.paramsOf(jobId);
        if (!rounds.isOpen(jobId) || panel.isEnlisted(jobId, validator) || _isFrozen(jobId)) return;
        if (registry.freeStake(params.token, validator) < params.seatLock) _stake(jobId, validator, params.seatLock);
        _doEnlist(jobId, validator);
    }

    function _doEnlist(uint256 jobId, address validator) private acts(Action.Enlist, jobId, validator) {
        vm.prank(validator);
        panel.enlist(jobId);
    }

    function _delist(uint256 jobId, address validator) private {
        if (!panel.isEnlisted(jobId, validator) || _isFrozen(jobId) || _isSeated(jobId, validator)) return;
        _doDelist(jobId, validator);
    }

    function _doDelist(uint256 jobId, address validator) private acts(Action.Delist, jobId, validator) {
        vm.prank(validator);
        panel.delist(jobId);
    }

    function _thaw(address token, address validator, uint256 percent) private {
        uint256 amount = (registry.freeStake(token, validator) * percent) / 100;
        if (amount > 0) _doThaw(token, validator, amount);
    }

    function _doThaw(address token, address validator, uint256 amount) private acts(Action.Thaw, 0, validator) {
        vm.prank(validator);
        registry.thaw(token, amount);
    }

    function _release(address token, address validator) private {
        (uint256 amount, uint256 freeAt) = registry.thawing(token, validator);
        if (amount > 0 && _now() >= freeAt) _doRelease(token, validator);
    }

    function _doRelease(address token, address validator) private acts(Action.Release, 0, validator) {
        vm.prank(validator);
        registry.release(token);
    }

    function _withdraw(Ledger ledger, address token, address actor) private {
        uint256 amount = ledger.withdrawable(token, actor);
        if (amount == 0) return;
        withdrawn[address(ledger)][token] += amount;
        _doWithdraw(ledger, token, actor);
    }

    function _doWithdraw(Ledger ledger, address token, address actor) private acts(Action.Withdraw, 0, actor) {
        vm.prank(actor);
        ledger.withdraw(token, actor);
    }

    function _donate(address ledger, uint256 which, uint256 amount) private acts(Action.Donate, 0, stranger) {
        donated[ledger][address(tokens[which])] += amount;
        tokens[which].mint(ledger, amount);
    }

    // ---------------------------------------------------------------- actions: committee

    function _arm(uint256 jobId) private {
        (Committee memory committee, ) = _committee(jobId);
        bool armed = committee.seedBlock != 0 && vm.getBlockNumber() <= committee.seedBlock + 256;
        if (!armed) _doArm(jobId);
    }

    function _doArm(uint256 jobId) private acts(Action.Arm, jobId, stranger) {
        vm.prank(stranger);
        panel.armDraw(jobId);
    }

    function _drawCommittee(uint256 jobId) private {
        (Committee memory committee, ) = _committee(jobId);
        uint256 number = vm.getBlockNumber();
        if (number > committee.seedBlock && number <= committee.seedBlock + 256) _doDraw(jobId);
    }

    function _doDraw(uint256 jobId) private acts(Action.Draw, jobId, stranger) {
        vm.prank(stranger);
        panel.drawCommittee(jobId);
    }

    function _commitScores(uint256 jobId, uint256 seat, uint256 seed) private {
        (Committee memory committee, Seat[] memory seats) = _committee(jobId);
        if (rounds.phaseAt(jobId, _now()) != Phase.Scoring || seats[seat].committed) return;
        uint256 round = rounds.jobOf(jobId).round;
        uint256 attempt = panel.attemptOf(jobId, round);
        uint256 word = _vector(jobId, round, seat, committee.facts, seed);
        vectors[_place(jobId, round, 10 * attempt + seat)] = word;
        address validator = seats[seat].validator;
        uint256[] memory words = _words(word, committee.facts);
        _doCommitScores(jobId, validator, seat, _scoresCommitment(jobId, round, attempt, validator, words));
    }

    function _doCommitScores(
        uint256 jobId,
        address validator,
        uint256 seat,
        bytes32 commitment
    ) private acts(Action.CommitScores, jobId, validator) {
        vm.prank(validator);
        panel.commitScores(jobId, seat, commitment);
    }

    function _revealScores(uint256 jobId, uint256 seat) private {
        (Committee memory committee, Seat[] memory seats) = _committee(jobId);
        if (rounds.phaseAt(jobId, _now()) != Phase.Reveal) return;
        if (!seats[seat].committed || seats[seat].revealed) return;
        uint256 round = rounds.jobOf(jobId).round;
        uint256 attempt = panel.attemptOf(jobId, round);
        uint256 word = vectors[_place(jobId, round, 10 * attempt + seat)];
        _doRevealScores(jobId, seats[seat].validator, seat, _words(word, committee.facts));
    }

    function _doRevealScores(
        uint256 jobId,
        address validator,
        uint256 seat,
        uint256[] memory words
    ) private acts(Action.RevealScores, jobId, validator) {
        bytes32 salt = _salt(jobId, rounds.jobOf(jobId).round, validator);
        vm.prank(validator);
        panel.revealScores(jobId, seat, words, salt);
    }

    function _tally(uint256 jobId, uint256 count) private acts(Action.Tally, jobId, stranger) {
        vm.prank(stranger);
        panel.tally(jobId, count);
    }

    function _attestModel(uint256 jobId, uint256 seat, bool lies) private {
        (, Seat[] memory seats) = _committee(jobId);
        if (rounds.phaseAt(jobId, _now()) != Phase.Attestation || seats[seat].attested) return;
        uint256 round = rounds.jobOf(jobId).round;
        (bytes32 digest, , ) = _released(jobId, round);
        if (lies) digest = keccak256(abi.encode("a lie", seat));
        else truthful[_place(jobId, round, panel.attemptOf(jobId, round))] |= 1 << seat;
        bytes32 attestation = _attestation(jobId, round, seats[seat].validator, digest);
        _doAttest(jobId, seats[seat].validator, seat, attestation);
    }

    function _doAttest(
        uint256 jobId,
        address validator,
        uint256 seat,
        bytes32 attestation
    ) private acts(Action.Attest, jobId, validator) {
        vm.prank(validator);
        panel.attestModel(jobId, seat, attestation);
    }

    function _settle(uint256 jobId) private {
        if (rounds.phaseAt(jobId, _now()) != Phase.Settlement) return;
        uint256 round = rounds.jobOf(jobId).round;
        (Committee memory committee, Seat[] memory seats) = _committee(jobId);
        if (_now() >= committee.facts.attestationEnd + PERIOD) return;
        uint256 honest = truthful[_place(jobId, round, panel.attemptOf(jobId, round))];
        // Most of the seats, and most of those that count.
        if (_bits(honest) <= seats.length / 2) return;
        if (_bits(honest & committee.counting) > _bits(committee.counting) / 2) _doSettle(jobId, round);
    }

    function _bits(uint256 set) private pure returns (uint256 count) {
        for (; set != 0; set &= set - 1) ++count;
    }

    function _doSettle(uint256 jobId, uint256 round) private acts(Action.Settle, jobId, stranger) {
        (bytes32 digest, uint16 base, uint16 score) = _released(jobId, round);
        vm.prank(stranger);
        panel.settle(jobId, digest, base, score);
    }

    function _fail(uint256 jobId) private {
        if (rounds.phaseAt(jobId, _now()) != Phase.Settlement) return;
        (Committee memory committee, ) = _committee(jobId);
        if (_now() >= committee.facts.attestationEnd + PERIOD) _doFail(jobId);
    }

    function _doFail(uint256 jobId) private acts(Action.Fail, jobId, stranger) {
        vm.prank(stranger);
        panel.failAttempt(jobId);
    }
}
