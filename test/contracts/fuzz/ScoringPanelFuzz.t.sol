// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IScoringPanel} from "../../../contracts/interfaces/IScoringPanel.sol";
import {Assignment, Committee, PanelTerms, Seat} from "../../../contracts/types/PanelTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {FuzzStage} from "./FuzzStage.sol";

/// @notice Every state-changing function of the panel, with any arguments, at any time, by anyone.
contract ScoringPanelFuzz is FuzzStage {
    function testFuzz_ScoringPanel_commitScores(uint256 seed, bytes32 commitment) external sometime(seed) {
        (uint256 jobId, uint256 seat) = (_jobId(seed), _seat(seed));
        _fromSeat(seed, Phase.Scoring, abi.encodeCall(panel.commitScores, (jobId, seat, commitment)));
    }

    /// @notice No guess opens what a seat has sealed.
    function testFuzz_ScoringPanel_revealScores(
        uint256 seed,
        uint256[] calldata vector,
        bytes32 salt
    ) external sometime(seed) {
        (uint256 jobId, uint256 seat) = (_jobId(seed), _seat(seed));
        address caller = seed % 4 == 0 ? _anyone(seed) : _holderOf(jobId, seat);
        bytes memory data = abi.encodeCall(panel.revealScores, (jobId, seat, vector, salt));
        require(!_try(address(panel), caller, data), "opened by a guess");
    }

    function testFuzz_ScoringPanel_attestModel(uint256 seed, bytes32 attestation) external sometime(seed) {
        (uint256 jobId, uint256 seat) = (_jobId(seed), _seat(seed));
        _fromSeat(seed, Phase.Attestation, abi.encodeCall(panel.attestModel, (jobId, seat, attestation)));
    }

    function testFuzz_ScoringPanel_tally(uint256 seed, uint256 count) external sometime(seed) {
        _inPhase(seed, Phase.Tally, abi.encodeCall(panel.tally, (_jobId(seed), count)));
    }

    function testFuzz_ScoringPanel_settle(
        uint256 seed,
        bytes32 digest,
        uint16 baseScore,
        uint16 score
    ) external sometime(seed) {
        uint256 jobId = _jobId(seed);
        if (seed % 4 != 0) {
            uint256 round = rounds.rosterOf(jobId).round;
            uint256 word = uint256(keccak256(abi.encode(jobId, round)));
            digest = keccak256(abi.encode("model", jobId, round));
            (baseScore, score) = (uint16(_random(word, "base", 10_001)), uint16(_random(word, "score", 10_001)));
        }
        _inPhase(seed, Phase.Settlement, abi.encodeCall(panel.settle, (jobId, digest, baseScore, score)));
    }

    function testFuzz_ScoringPanel_failAttempt(uint256 seed) external sometime(seed) {
        _inPhase(seed, Phase.Settlement, abi.encodeCall(panel.failAttempt, (_jobId(seed))));
    }

    /// @notice In the last third of Scoring or Reveal, once, whoever calls; and never at another time.
    function testFuzz_ScoringPanel_witness(uint256 seed) external sometime(seed) {
        uint256 jobId = _jobId(seed);
        bytes memory data = abi.encodeCall(panel.witness, (jobId));
        bool due = _isDue(jobId);
        require(_try(address(panel), _anyone(seed), data) == due, "witnessed out of turn, or refused in turn");
        require(!_try(address(panel), _anyone(seed), data), "witnessed twice");
    }

    function _isDue(uint256 jobId) private view returns (bool) {
        Phase phase = lifecycle.phaseAt(jobId, _now());
        if (phase != Phase.Scoring && phase != Phase.Reveal) return false;
        uint256 round = rounds.rosterOf(jobId).round;
        (Committee memory committee, ) = panel.committeeOf(jobId, round, panel.attemptOf(jobId, round));
        bool scores = phase == Phase.Scoring;
        if (scores ? committee.scoringWitnessed : committee.revealWitnessed) return false;
        uint256 start = scores ? committee.facts.drawnAt : committee.facts.scoringEnd;
        uint256 end = scores ? committee.facts.scoringEnd : committee.facts.revealEnd;
        return 3 * (_now() - start) >= 2 * (end - start);
    }

    // ---------------------------------------------------------------- for the committees only

    function testFuzz_ScoringPanel_prepareSeals(uint256 seed, uint256 who) external {
        _onlyCommittees(seed, abi.encodeCall(panel.prepareSeals, (_jobId(seed), _anyone(who))));
    }

    function testFuzz_ScoringPanel_seatCommittee(
        uint256 seed,
        Assignment calldata assignment,
        address[] calldata seated
    ) external {
        PanelTerms memory terms;
        _onlyCommittees(seed, abi.encodeCall(panel.seatCommittee, (_jobId(seed), assignment, seated, terms)));
    }

    function _onlyCommittees(uint256 seed, bytes memory data) private {
        _refuses(address(panel), _anyone(seed), data, IScoringPanel.ScoringPanel_NotCommittees.selector);
    }

    function _inPhase(uint256 seed, Phase phase, bytes memory data) private {
        Phase before = lifecycle.phaseAt(_jobId(seed), _now());
        bool done = _try(address(panel), _anyone(seed), data);
        require(!done || before == phase, "out of turn");
    }

    /// @dev Mostly by whoever holds the seat, and never done by anybody else.
    function _fromSeat(uint256 seed, Phase phase, bytes memory data) private {
        (uint256 jobId, address holder) = (_jobId(seed), _holderOf(_jobId(seed), _seat(seed)));
        address caller = seed % 4 == 0 ? _anyone(seed) : holder;
        Phase before = lifecycle.phaseAt(jobId, _now());
        bool done = _try(address(panel), caller, data);
        require(!done || (before == phase && caller == holder), "sealed out of turn, or from another's seat");
    }

    function _holderOf(uint256 jobId, uint256 seat) private view returns (address) {
        uint256 round = rounds.rosterOf(jobId).round;
        (Committee memory committee, Seat[] memory seats) = panel.committeeOf(
            jobId,
            round,
            panel.attemptOf(jobId, round)
        );
        return seat < committee.facts.seats ? seats[seat].validator : stranger;
    }
}
