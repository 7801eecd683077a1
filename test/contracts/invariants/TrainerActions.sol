// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Job, JobParams, Member, RoundFacts, RoundOutcome} from "../../../contracts/types/JobTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {vm} from "../Vm.sol";
import {Action} from "./Action.sol";
import {Lens} from "./Lens.sol";

/// @notice What trainers do: each action where the rules allow it, and what must come of it.
abstract contract TrainerActions is Lens {
    mapping(bytes32 place => bytes32) private _digests;

    function _join(uint256 jobId, address trainer) internal {
        Job memory job = lifecycle.jobOf(jobId);
        if (job.closed || job.cancelled || rounds.memberOf(jobId, trainer).since != 0) return;
        address token = books[jobId].token;
        bytes32 terms = jobBook.termsOf(jobId);
        bytes memory data = abi.encodeCall(market.joinJob, (jobId, terms, new bytes32[](0), _noPermit()));
        _cheatFirst(token, address(market), trainer, data);
        _doJoin(jobId, trainer);
    }

    function _doJoin(uint256 jobId, address trainer) private acts(Action.Join, jobId, trainer) {
        uint256 bond = books[jobId].bond;
        books[jobId].bonds += bond;
        deposited[address(market)][books[jobId].token] += bond;

        bytes32 terms = jobBook.termsOf(jobId);
        vm.prank(trainer);
        market.joinJob(jobId, terms, new bytes32[](0), _noPermit());

        Member memory member = rounds.memberOf(jobId, trainer);
        require(member.since == rounds.rosterOf(jobId).round + 1, "not a member of the next round");
        require(member.number == rounds.rosterOf(jobId).joins - 1, "not the next number");
    }

    function _canLeave(uint256 jobId, address trainer) internal view returns (bool) {
        Member memory member = rounds.memberOf(jobId, trainer);
        if (member.since == 0 || member.leaving != 0) return false;
        bool sealed_ = member.lastCommitted > member.lastRevealed;
        if (!sealed_ || member.lastCommitted != rounds.rosterOf(jobId).round) return true;
        return _now() >= _facts(jobId).disclosureEnd;
    }

    function _leave(uint256 jobId, address trainer) internal {
        if (_canLeave(jobId, trainer)) _doLeave(jobId, trainer);
    }

    /// @dev At once, unless it has an update in the running round, disclosed or excused; then at the round's end.
    function _doLeave(uint256 jobId, address trainer) private acts(Action.Leave, jobId, trainer) {
        uint256 round = rounds.rosterOf(jobId).round;
        Member memory member = rounds.memberOf(jobId, trainer);
        uint256 claim = market.withdrawable(books[jobId].token, trainer);
        bool forfeited = _isForfeited(jobId, member);
        bool later = member.lastCommitted == round && !forfeited && _isRunning(jobId);

        vm.prank(trainer);
        market.leaveJob(jobId);

        Member memory left = rounds.memberOf(jobId, trainer);
        require((left.since == 0) == !later, "left too early, or not at all");
        require(left.leaving == (later ? round : 0), "not at the round's end");
        _requireBond(jobId, trainer, claim, !later && !forfeited);
    }

    function _canRelease(uint256 jobId, address trainer) internal view returns (bool) {
        Member memory member = rounds.memberOf(jobId, trainer);
        if (member.since == 0) return false;
        bool left = member.leaving != 0 && _outcome(jobId, member.leaving) != RoundOutcome.None;
        return left || lifecycle.jobOf(jobId).closed || _isForfeited(jobId, member);
    }

    function _releaseBond(uint256 jobId, address trainer) internal {
        if (_canRelease(jobId, trainer)) _doReleaseBond(jobId, trainer);
    }

    function _doReleaseBond(uint256 jobId, address trainer) private acts(Action.ReleaseBond, jobId, stranger) {
        bool forfeited = _isForfeited(jobId, rounds.memberOf(jobId, trainer));
        uint256 claim = market.withdrawable(books[jobId].token, trainer);

        vm.prank(stranger);
        market.releaseBond(jobId, trainer);

        require(rounds.memberOf(jobId, trainer).since == 0, "still a member");
        _requireBond(jobId, trainer, claim, !forfeited);
    }

    function _commit(uint256 jobId, address trainer, uint256 content) internal {
        uint256 round = rounds.rosterOf(jobId).round;
        JobParams memory params = jobBook.paramsOf(jobId);
        Member memory member = rounds.memberOf(jobId, trainer);
        if (_phase(jobId) != Phase.Training || _isPublicShardDue(jobId)) return;
        if (member.since == 0 || member.since > round || member.leaving != 0) return;
        if (member.lastCommitted != round && _isForfeited(jobId, member)) return;
        bool full = _facts(jobId).committed == params.maxUpdates;
        if (full && member.lastCommitted != round) return;
        if (member.lastCommitted == round && member.commitments == params.retrainQuota) return;
        _doCommit(jobId, round, trainer, keccak256(abi.encode("content", content)));
    }

    function _doCommit(
        uint256 jobId,
        uint256 round,
        address trainer,
        bytes32 digest
    ) private acts(Action.Commit, jobId, trainer) {
        bytes32 commitment = _updateCommitment(jobId, round, trainer, digest);
        _digests[_place(jobId, round, uint160(trainer))] = digest;
        vm.prank(trainer);
        rounds.commitUpdate(jobId, commitment);

        Member memory member = rounds.memberOf(jobId, trainer);
        require(member.lastCommitted == round && member.commitment == commitment, "not sealed");
    }

    function _reveal(uint256 jobId, address trainer) internal {
        uint256 round = rounds.rosterOf(jobId).round;
        Member memory member = rounds.memberOf(jobId, trainer);
        if (_phase(jobId) != Phase.Disclosure) return;
        if (member.lastCommitted == round && member.lastRevealed != round) _doReveal(jobId, round, trainer);
    }

    function _witnessRound(uint256 jobId) internal {
        uint256 round = rounds.rosterOf(jobId).round;
        bool isOpening = _isHoldoutDue(jobId);
        Phase phase = isOpening ? Phase.Draw : Phase.Disclosure;
        if (_phase(jobId) != phase || _isWitnessed(jobId, round, 0, phase)) return;
        if (isOpening) _noteLate(jobId, round, 0, phase, _openingEnd(jobId) - PERIOD, _openingEnd(jobId));
        else _noteLateDisclosure(jobId);
        if (_isWitnessed(jobId, round, 0, phase)) _doWitnessRound(jobId, isOpening);
    }

    function _doWitnessRound(uint256 jobId, bool isOpening) private acts(Action.WitnessRound, jobId, stranger) {
        vm.prank(stranger);
        rounds.witness(jobId);

        RoundFacts memory facts = _facts(jobId);
        require(isOpening ? facts.openingWitnessed : facts.witnessed, "not witnessed");
    }

    function _doReveal(uint256 jobId, uint256 round, address trainer) private acts(Action.Reveal, jobId, trainer) {
        _noteLateDisclosure(jobId);
        uint256 revealed = _facts(jobId).revealed;
        bytes32 digest = _digests[_place(jobId, round, uint160(trainer))];
        vm.prank(trainer);
        rounds.revealUpdate(jobId, digest, _salt(jobId, round, trainer));

        require(_facts(jobId).revealed == revealed + 1, "not one update more");
        require(rounds.memberOf(jobId, trainer).lastRevealed == round, "not disclosed");
    }

    /// @dev Sealed, and not disclosed in time though the chain ran late in Disclosure. I13: a bond burns for nothing
    /// else.
    function _isForfeited(uint256 jobId, Member memory member) private view returns (bool) {
        if (member.lastCommitted <= member.lastRevealed || !_isWitnessed(jobId, member.lastCommitted)) return false;
        return member.lastCommitted < rounds.rosterOf(jobId).round || _now() >= _facts(jobId).disclosureEnd;
    }

    /// @dev It has opened, and has not ended, told or untold.
    function _isRunning(uint256 jobId) private view returns (bool) {
        uint256 round = rounds.rosterOf(jobId).round;
        return round != 0 && _outcome(jobId, round) == RoundOutcome.None && _phase(jobId) != Phase.Waiting;
    }

    /// @dev The bond is the trainer's again, or burned, or held; that it is one bond {Ghosts} checks.
    function _requireBond(uint256 jobId, address trainer, uint256 claim, bool free) private view {
        (address token, uint256 bond) = (books[jobId].token, books[jobId].bond);
        require(market.withdrawable(token, trainer) == claim + (free ? bond : 0), "I3: not its bond");
    }
}
