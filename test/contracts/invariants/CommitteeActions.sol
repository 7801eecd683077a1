// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Draw} from "../../../contracts/libraries/Draw.sol";
import {Job, RoundFacts} from "../../../contracts/types/JobTypes.sol";
import {AttemptOutcome, Committee, CommitteeFacts, Seat} from "../../../contracts/types/PanelTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {vm} from "../Vm.sol";
import {Action} from "./Action.sol";
import {Verdicts} from "./Verdicts.sol";

/// @notice What seated validators do: each action where the rules allow it, and what must come of it.
abstract contract CommitteeActions is Verdicts {
    /// @dev Seats that attested the truth, by attempt.
    mapping(bytes32 place => uint256) private _truthful;

    function _commitScores(uint256 jobId, uint256 seat, uint256 seed) internal {
        (Committee memory committee, Seat[] memory seats) = _committee(jobId);
        if (_phase(jobId) != Phase.Scoring || seats[seat].committed) return;
        uint256 round = rounds.rosterOf(jobId).round;
        uint256 word = _vector(jobId, round, seat, committee.facts, seed);
        vectors[_seatPlace(jobId, round, panel.attemptOf(jobId, round), seat)] = word;
        _noteLateCommittee(jobId, committee.facts);
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
        uint256 round = rounds.rosterOf(jobId).round;
        uint256 word = vectors[_seatPlace(jobId, round, panel.attemptOf(jobId, round), seat)];
        uint256[] memory words = _words(word, committee.facts);
        _noteLateCommittee(jobId, committee.facts);
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

    /// @dev Notes that Scoring or Reveal gets a transaction, if it does so in its last third.
    function _noteLateCommittee(uint256 jobId, CommitteeFacts memory facts) private {
        uint256 round = rounds.rosterOf(jobId).round;
        Phase phase = _phase(jobId);
        bool scores = phase == Phase.Scoring;
        (uint256 start, uint256 end) = scores ? (facts.drawnAt, facts.scoringEnd) : (facts.scoringEnd, facts.revealEnd);
        _noteLate(jobId, round, panel.attemptOf(jobId, round), phase, start, end);
    }

    function _witnessCommittee(uint256 jobId) internal {
        Phase phase = _phase(jobId);
        if (phase != Phase.Scoring && phase != Phase.Reveal) return;
        uint256 round = rounds.rosterOf(jobId).round;
        uint256 attempt = panel.attemptOf(jobId, round);
        if (_isWitnessed(jobId, round, attempt, phase)) return;
        (Committee memory committee, ) = _committee(jobId);
        _noteLateCommittee(jobId, committee.facts);
        if (_isWitnessed(jobId, round, attempt, phase)) _doWitnessCommittee(jobId, phase);
    }

    function _doWitnessCommittee(uint256 jobId, Phase phase) private acts(Action.WitnessCommittee, jobId, stranger) {
        vm.prank(stranger);
        panel.witness(jobId);

        (Committee memory committee, ) = _committee(jobId);
        require(phase == Phase.Scoring ? committee.scoringWitnessed : committee.revealWitnessed, "not witnessed");
    }

    function _drawCommittee(uint256 jobId) internal {
        if (_phase(jobId) != Phase.Draw || _isHoldoutDue(jobId)) return;
        if (_countDrawable(jobId) >= 3) _doDraw(jobId);
    }

    function _doDraw(uint256 jobId) private acts(Action.Draw, jobId, stranger) {
        uint256 drawable = _countDrawable(jobId);
        bytes32 seed = _seedOf(jobId);
        vm.prank(stranger);
        committees.drawCommittee(jobId);

        uint256 most = jobBook.paramsOf(jobId).committeeSize;
        (Committee memory committee, Seat[] memory seats) = _committee(jobId);
        require(seats.length == (drawable < most ? drawable : most), "not the seats that were due");
        require(_phase(jobId) == Phase.Scoring, "does not score");
        require(committee.seed == seed, "another seed");
        uint256 early = 0;
        for (uint256 i = 0; i < seats.length; ++i) {
            require(committees.isEnlisted(jobId, seats[i].validator), "seated, not enlisted");
            if (_isEarly(jobId, seats[i].validator)) ++early;
            for (uint256 k = 0; k < i; ++k) require(seats[k].validator != seats[i].validator, "seated twice");
        }
        // Nobody chooses among those who fill up.
        uint256 due = _countEarly(jobId);
        require(early == (due < seats.length ? due : seats.length), "seated, enlisted after the round opened");
    }

    /// @dev It follows from what was opened before: nobody adds to it in Draw, but for the block before where somebody
    /// did not disclose.
    function _seedOf(uint256 jobId) private view returns (bytes32) {
        uint256 round = rounds.rosterOf(jobId).round;
        uint256 attempt = panel.dueDraw(jobId, round);
        RoundFacts memory facts = rounds.roundOf(jobId, round, block.timestamp);
        bytes32 disclosures = rounds.entropyOf(jobId);
        if (facts.revealed < facts.committed) disclosures = Draw.stirred(disclosures);
        return Draw.seedOf(disclosures, panel.entropyOf(jobId), jobId, round, attempt);
    }

    function _tally(uint256 jobId, uint256 count) internal {
        uint256 round = rounds.rosterOf(jobId).round;
        _doTally(jobId, round, panel.attemptOf(jobId, round), count);
    }

    function _doTally(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        uint256 count
    ) private acts(Action.Tally, jobId, stranger) {
        (Committee memory before, ) = panel.committeeOf(jobId, round, attempt);
        uint256[] memory stakes = _stakesOf(jobId, round, attempt);
        Job memory job = lifecycle.jobOf(jobId);
        vm.prank(stranger);
        panel.tally(jobId, count);

        _requireTallied(jobId, round, attempt, count, before.facts);
        _requireVerdicts(jobId, round, attempt);
        _requireSlashes(jobId, round, attempt, stakes);
        if (before.facts.confirming) _requireConfirmed(jobId, round, attempt, job);
    }

    function _requireTallied(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        uint256 count,
        CommitteeFacts memory before
    ) private view {
        (Committee memory committee, ) = panel.committeeOf(jobId, round, attempt);
        CommitteeFacts memory facts = committee.facts;
        bool failed = facts.outcome == AttemptOutcome.Failed;
        uint256 most = before.updates - before.tallied;
        bool computed = facts.tallied == before.tallied + (count < most ? count : most);
        require(failed || computed, "not the updates that were asked for");
        bool settled = facts.outcome == AttemptOutcome.Settled;
        require(!settled || facts.confirming, "settled without attestations");
        bool attests = !settled && facts.attestationEnd == _now() + PERIOD;
        bool over = failed || facts.tallied == facts.updates;
        require((failed || settled || attests) == over, "not over when all is computed");
        if (failed) _requireRevealersPaid(jobId, round, attempt);
    }

    /// @dev A confirming round that is over has paid what was released: by what its committee measured or, where two
    /// failed, as it was attested.
    function _requireConfirmed(uint256 jobId, uint256 round, uint256 attempt, Job memory before) private {
        (Committee memory committee, ) = panel.committeeOf(jobId, round, attempt);
        if (committee.facts.outcome == AttemptOutcome.Settled) {
            uint256 check = uint256(int256(panel.consensusOf(jobId, round, attempt)[0]));
            _requirePaid(jobId, before, check < before.pendingScore ? check : before.pendingScore);
            _requireEarnings(jobId, round, attempt);
            _succeed(Action.Confirm);
        } else if (committee.facts.outcome == AttemptOutcome.Failed && attempt == 2) {
            _requirePaid(jobId, before, before.pendingScore);
        }
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

        (Committee memory committee, ) = panel.committeeOf(jobId, round, attempt);
        require(committee.facts.outcome == AttemptOutcome.Failed, "not failed");
        _requireRevealersPaid(jobId, round, attempt);
    }

    /// @dev A failed attempt pays half an equal part to each seat that counts.
    function _requireRevealersPaid(uint256 jobId, uint256 round, uint256 attempt) private view {
        (Committee memory committee, Seat[] memory seats) = panel.committeeOf(jobId, round, attempt);
        uint256 each = jobBook.validatorsBudgetOf(jobId) / (2 * seats.length);
        uint256 quality = market.validatorsPayOf(jobId, round, attempt).quality;
        require(quality == each * _bits(committee.counting), "I3: revealers");
    }

    function _attemptPlace(uint256 jobId) private view returns (bytes32) {
        uint256 round = rounds.rosterOf(jobId).round;
        return _place(jobId, round, panel.attemptOf(jobId, round));
    }

    function _bits(uint256 set) private pure returns (uint256 count) {
        for (; set != 0; set &= set - 1) ++count;
    }
}
