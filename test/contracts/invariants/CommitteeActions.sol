// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttemptOutcome, Committee, Seat} from "../../../contracts/types/PanelTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {vm} from "../Vm.sol";
import {Action} from "./Action.sol";
import {Lens} from "./Lens.sol";

/// @notice What seated validators do: each action where the rules allow it, and what must come of it.
abstract contract CommitteeActions is Lens {
    mapping(bytes32 place => uint256) private _vectors;
    /// @dev Seats that attested the truth, by attempt.
    mapping(bytes32 place => uint256) private _truthful;

    function _commitScores(uint256 jobId, uint256 seat, uint256 seed) internal {
        (Committee memory committee, Seat[] memory seats) = _committee(jobId);
        if (_phase(jobId) != Phase.Scoring || seats[seat].committed) return;
        uint256 word = _vector(jobId, rounds.rosterOf(jobId).round, seat, committee.facts, seed);
        _vectors[_seatPlace(jobId, seat)] = word;
        _doCommitScores(jobId, seats[seat].validator, seat, _words(word, committee.facts));
    }

    function _doCommitScores(
        uint256 jobId,
        address validator,
        uint256 seat,
        uint256[] memory words
    ) private acts(Action.CommitScores, jobId, validator) {
        uint256 round = rounds.rosterOf(jobId).round;
        bytes32 commitment = _scoresCommitment(jobId, round, panel.attemptOf(jobId, round), validator, words);
        vm.prank(validator);
        panel.commitScores(jobId, seat, commitment);

        (, Seat[] memory seats) = _committee(jobId);
        require(seats[seat].committed, "not sealed");
    }

    function _revealScores(uint256 jobId, uint256 seat) internal {
        (Committee memory committee, Seat[] memory seats) = _committee(jobId);
        if (_phase(jobId) != Phase.Reveal || !seats[seat].committed || seats[seat].revealed) return;
        uint256[] memory words = _words(_vectors[_seatPlace(jobId, seat)], committee.facts);
        _doRevealScores(jobId, seats[seat].validator, seat, words);
    }

    function _doRevealScores(
        uint256 jobId,
        address validator,
        uint256 seat,
        uint256[] memory words
    ) private acts(Action.RevealScores, jobId, validator) {
        (Committee memory before, ) = _committee(jobId);
        bytes32 salt = _salt(jobId, rounds.rosterOf(jobId).round, validator);
        vm.prank(validator);
        panel.revealScores(jobId, seat, words, salt);

        (Committee memory later, Seat[] memory seats) = _committee(jobId);
        require(seats[seat].revealed, "not opened");
        require(later.facts.revealed == before.facts.revealed + 1, "not one more");
    }

    function _attestModel(uint256 jobId, uint256 seat, bool lies) internal {
        (, Seat[] memory seats) = _committee(jobId);
        if (_phase(jobId) != Phase.Attestation || seats[seat].attested) return;
        (bytes32 digest, , ) = _released(jobId, rounds.rosterOf(jobId).round);
        if (lies) digest = keccak256(abi.encode("a lie", seat));
        else _truthful[_attemptPlace(jobId)] |= 1 << seat;
        _doAttest(jobId, seats[seat].validator, seat, digest);
    }

    function _doAttest(
        uint256 jobId,
        address validator,
        uint256 seat,
        bytes32 digest
    ) private acts(Action.Attest, jobId, validator) {
        bytes32 attestation = _attestation(jobId, rounds.rosterOf(jobId).round, validator, digest);
        vm.prank(validator);
        panel.attestModel(jobId, seat, attestation);

        (, Seat[] memory seats) = _committee(jobId);
        require(seats[seat].attested, "not attested");
    }

    /// @dev Most of the seats, and most of those that count, attested the truth.
    function _isAttested(uint256 jobId) internal view returns (bool) {
        (Committee memory committee, Seat[] memory seats) = _committee(jobId);
        if (_now() >= committee.facts.attestationEnd + PERIOD) return false;
        uint256 honest = _truthful[_attemptPlace(jobId)];
        if (_bits(honest) <= seats.length / 2) return false;
        return _bits(honest & committee.counting) > _bits(committee.counting) / 2;
    }

    // ---------------------------------------------------------------- anyone

    function _arm(uint256 jobId) internal {
        (Committee memory committee, ) = _committee(jobId);
        bool armed = committee.seedBlock != 0 && vm.getBlockNumber() <= committee.seedBlock + 256;
        if (!armed) _doArm(jobId);
    }

    function _doArm(uint256 jobId) private acts(Action.Arm, jobId, stranger) {
        vm.prank(stranger);
        committees.armDraw(jobId);

        require(_isFrozen(jobId), "the list still moves");
    }

    function _drawCommittee(uint256 jobId) internal {
        (Committee memory committee, ) = _committee(jobId);
        uint256 number = vm.getBlockNumber();
        if (number > committee.seedBlock && number <= committee.seedBlock + 256) _doDraw(jobId);
    }

    function _doDraw(uint256 jobId) private acts(Action.Draw, jobId, stranger) {
        uint256 enlisted = committees.enlistedCount(jobId);
        vm.prank(stranger);
        committees.drawCommittee(jobId);

        uint256 most = jobBook.paramsOf(jobId).committeeSize;
        (, Seat[] memory seats) = _committee(jobId);
        require(seats.length == (enlisted < most ? enlisted : most), "not the seats that were due");
        require(_phase(jobId) == Phase.Scoring, "does not score");
        for (uint256 i = 0; i < seats.length; ++i) {
            require(committees.isEnlisted(jobId, seats[i].validator), "seated, not enlisted");
            for (uint256 k = 0; k < i; ++k) require(seats[k].validator != seats[i].validator, "seated twice");
        }
    }

    function _tally(uint256 jobId, uint256 count) internal acts(Action.Tally, jobId, stranger) {
        uint256 round = rounds.rosterOf(jobId).round;
        uint256 attempt = panel.attemptOf(jobId, round);
        (Committee memory before, ) = panel.committeeOf(jobId, round, attempt);
        vm.prank(stranger);
        panel.tally(jobId, count);

        (Committee memory later, ) = panel.committeeOf(jobId, round, attempt);
        bool failed = later.facts.outcome == AttemptOutcome.Failed;
        uint256 most = before.facts.updates - before.facts.tallied;
        bool computed = later.facts.tallied == before.facts.tallied + (count < most ? count : most);
        require(failed || computed, "not the updates that were asked for");
        bool over = failed || later.facts.attestationEnd == _now() + PERIOD;
        require(over == (failed || later.facts.tallied == later.facts.updates), "not over when all is computed");
    }

    function _settle(uint256 jobId) internal {
        if (_phase(jobId) == Phase.Settlement && _isAttested(jobId)) _doSettle(jobId, rounds.rosterOf(jobId).round);
    }

    function _doSettle(uint256 jobId, uint256 round) private acts(Action.Settle, jobId, stranger) {
        (bytes32 digest, uint16 base, uint16 score) = _released(jobId, round);
        uint256 attempt = panel.attemptOf(jobId, round);
        vm.prank(stranger);
        panel.settle(jobId, digest, base, score);

        (Committee memory committee, ) = panel.committeeOf(jobId, round, attempt);
        require(committee.facts.outcome == AttemptOutcome.Settled, "not settled");
        require(lifecycle.jobOf(jobId).modelDigest == digest, "another model");
        _requireEarnings(jobId, round, attempt);
    }

    /// @dev What a settlement earns: validators all or a quarter of their budget, trainers their budget or nothing
    /// where no price list says otherwise.
    function _requireEarnings(uint256 jobId, uint256 round, uint256 attempt) private view {
        uint256 budget = jobBook.validatorsBudgetOf(jobId);
        if (attempt == 2) budget -= market.validatorsPayOf(jobId, round, 1).quality;
        uint256 quality = market.validatorsPayOf(jobId, round, attempt).quality;
        require(market.validatorsPayOf(jobId, round, attempt).attestation == budget / 4, "I3: attestation");
        require(quality == 0 || quality == budget - budget / 4, "I3: quality");
        uint256 earned = market.trainersPayOf(jobId, round).earned;
        uint256 due = jobBook.paramsOf(jobId).milestones.length == 0 ? jobBook.trainersBudgetOf(jobId) : 0;
        require(earned == 0 || earned == due, "I3: trainers");
    }

    function _fail(uint256 jobId) internal {
        if (_phase(jobId) != Phase.Settlement) return;
        (Committee memory committee, ) = _committee(jobId);
        if (_now() >= committee.facts.attestationEnd + PERIOD) _doFail(jobId);
    }

    function _doFail(uint256 jobId) private acts(Action.Fail, jobId, stranger) {
        uint256 round = rounds.rosterOf(jobId).round;
        uint256 attempt = panel.attemptOf(jobId, round);
        vm.prank(stranger);
        panel.failAttempt(jobId);

        (Committee memory committee, Seat[] memory seats) = panel.committeeOf(jobId, round, attempt);
        require(committee.facts.outcome == AttemptOutcome.Failed, "not failed");
        uint256 each = jobBook.validatorsBudgetOf(jobId) / (2 * seats.length);
        uint256 quality = market.validatorsPayOf(jobId, round, attempt).quality;
        require(quality == each * _bits(committee.counting), "I3: revealers");
    }

    function _seatPlace(uint256 jobId, uint256 seat) private view returns (bytes32) {
        uint256 round = rounds.rosterOf(jobId).round;
        return _place(jobId, round, 10 * panel.attemptOf(jobId, round) + seat);
    }

    function _attemptPlace(uint256 jobId) private view returns (bytes32) {
        uint256 round = rounds.rosterOf(jobId).round;
        return _place(jobId, round, panel.attemptOf(jobId, round));
    }

    function _bits(uint256 set) private pure returns (uint256 count) {
        for (; set != 0; set &= set - 1) ++count;
    }
}
