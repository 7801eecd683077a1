// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Holdout, JobParams} from "../../../contracts/types/JobTypes.sol";
import {AttemptOutcome, Committee, Seat} from "../../../contracts/types/PanelTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {Lens} from "./Lens.sol";

/// @notice What a tally must come to, counted again from the vectors that the seats opened.
abstract contract Verdicts is Lens {
    /// @dev What a committee opened. The lists are of the seats that count: another opened the same fingerprint.
    struct Ballot {
        uint256 jobId;
        uint256 round;
        uint256 attempt;
        /// All seats of the committee, and those that opened their vectors.
        uint256 seats;
        uint256 revealed;
        bool common;
        uint256 tolerance;
        uint256[] places;
        uint256[] words;
        uint256[] fingerprints;
        /// By place in the lists: updates whose consensus is a number and that the seat scored with one, and those of
        /// them within the band.
        uint256[] numeric;
        uint256[] inBand;
    }

    /// @dev What each seat seals.
    mapping(bytes32 place => uint256) internal vectors;

    function _seatPlace(uint256 jobId, uint256 round, uint256 attempt, uint256 seat) internal pure returns (bytes32) {
        return _place(jobId, round, 100 * attempt + seat);
    }

    // ---------------------------------------------------------------- invariants

    /// @dev I14: no update is void or gets a number without more than half of all seats behind it: seats that say void,
    /// or seats that say a number and, on a common holdout, one within the band. What has no such majority is drawn for
    /// again after a first attempt, and void after a second, which costs nobody trust or stake.
    function _requireVerdicts(uint256 jobId, uint256 round, uint256 attempt) internal view {
        (Committee memory committee, ) = panel.committeeOf(jobId, round, attempt);
        Ballot memory ballot = _ballotOf(jobId, round, attempt);
        int16[] memory consensus = panel.consensusOf(jobId, round, attempt);
        uint256 undecided = 0;
        for (uint256 j = 0; j < consensus.length; ++j) {
            (int256 verdict, bool decided) = _verdictOf(ballot, _laneOf(committee, j));
            require(consensus[j] == verdict, "I14: not what the majority says");
            if (!decided) ++undecided;
        }
        require(committee.undecided == undecided, "I14: undecided");
        bool failed = committee.facts.outcome == AttemptOutcome.Failed;
        if (!failed && committee.facts.tallied < committee.facts.updates) return;
        bool due = !_isQuorum(ballot) || (attempt == 1 && undecided > 0);
        if (committee.facts.confirming && !due) due = !_isAccuracy(consensus[0]);
        require(failed == due, "I14: failed without a reason, or not with one");
    }

    /// @dev I13: a tally burns the lock of a silent seat if more than half of the seats opened their vectors and the
    /// chain ran late in the phase that the seat let pass, and else never. Of a seat that spoke it burns what its
    /// deviation costs if two thirds of all seats computed the same and agree, and else nothing.
    /// @param stakes Before the tally, by seat.
    function _requireSlashes(uint256 jobId, uint256 round, uint256 attempt, uint256[] memory stakes) internal view {
        (Committee memory committee, Seat[] memory seats) = panel.committeeOf(jobId, round, attempt);
        uint256[] memory later = _stakesOf(jobId, round, attempt);
        Ballot memory ballot = _ballotOf(jobId, round, attempt);
        bool over = committee.facts.outcome != AttemptOutcome.None || committee.facts.attestationEnd != 0;
        // A first committee that is divided over an update has no verdict to deviate from.
        bool agreed = committee.facts.tallied == committee.facts.updates && (attempt == 2 || committee.undecided == 0);
        // Nor has a confirming one whose number is no accuracy.
        if (agreed && committee.facts.confirming) agreed = _isAccuracy(panel.consensusOf(jobId, round, attempt)[0]);
        if (agreed && ballot.common) _rate(ballot, committee);
        for (uint256 i = 0; i < seats.length; ++i) {
            uint256 due = 0;
            if (over && !seats[i].revealed) due = _silenceDue(ballot, seats[i].committed);
            if (agreed && ballot.common && seats[i].revealed) due = _deviationDue(ballot, i);
            require(stakes[i] - later[i] == due, "I13: slashed another amount than is due");
        }
    }

    function _isAccuracy(int16 number) private pure returns (bool) {
        return number >= 0 && number <= 10_000;
    }

    /// @dev By seat.
    function _stakesOf(uint256 jobId, uint256 round, uint256 attempt) internal view returns (uint256[] memory stakes) {
        (, Seat[] memory seats) = panel.committeeOf(jobId, round, attempt);
        stakes = new uint256[](seats.length);
        for (uint256 i = 0; i < stakes.length; ++i) {
            stakes[i] = _stakeOf(jobId, books[jobId].token, seats[i].validator);
        }
    }

    function _silenceDue(Ballot memory ballot, bool committed) private view returns (uint256) {
        Phase phase = committed ? Phase.Reveal : Phase.Scoring;
        bool ran = _isWitnessed(ballot.jobId, ballot.round, ballot.attempt, phase);
        return ran && 2 * ballot.revealed > ballot.seats ? books[ballot.jobId].seatLock : 0;
    }

    function _deviationDue(Ballot memory ballot, uint256 seat) private view returns (uint256) {
        uint256 own = 0;
        while (own < ballot.places.length && ballot.places[own] != seat) ++own;
        if (own == ballot.places.length || !_deviates(ballot, own)) return 0;
        uint256 agreeing = 0;
        for (uint256 i = 0; i < ballot.places.length; ++i) {
            if (ballot.fingerprints[i] == ballot.fingerprints[own] && !_deviates(ballot, i)) ++agreeing;
        }
        if (3 * agreeing < 2 * ballot.seats) return 0;
        // Half of the lock, less what was in band.
        uint256 numeric = ballot.numeric[own];
        return (books[ballot.jobId].seatLock * (numeric - 2 * ballot.inBand[own])) / (2 * numeric);
    }

    function _deviates(Ballot memory ballot, uint256 own) private pure returns (bool) {
        return 2 * ballot.inBand[own] < ballot.numeric[own];
    }

    // ---------------------------------------------------------------- the count

    function _ballotOf(uint256 jobId, uint256 round, uint256 attempt) private view returns (Ballot memory ballot) {
        (Committee memory committee, Seat[] memory seats) = panel.committeeOf(jobId, round, attempt);
        JobParams memory params = jobBook.paramsOf(jobId);
        (ballot.jobId, ballot.round, ballot.attempt) = (jobId, round, attempt);
        (ballot.seats, ballot.common) = (seats.length, params.holdout != Holdout.Own);
        ballot.tolerance = params.tolerance;
        uint256[] memory prints = new uint256[](seats.length);
        for (uint256 i = 0; i < seats.length; ++i) {
            if (!seats[i].revealed) continue;
            ++ballot.revealed;
            uint256 word = vectors[_seatPlace(jobId, round, attempt, i)];
            // 0 stands for a seat that says nothing.
            prints[i] = 1 + (committee.facts.fingerprints ? _fingerprintOf(word) : 0);
        }
        _list(ballot, prints);
    }

    function _list(Ballot memory ballot, uint256[] memory prints) private view {
        uint256 size = 0;
        for (uint256 i = 0; i < prints.length; ++i) if (_isShared(prints, i)) ++size;
        (ballot.places, ballot.words) = (new uint256[](size), new uint256[](size));
        (ballot.numeric, ballot.inBand) = (new uint256[](size), new uint256[](size));
        ballot.fingerprints = new uint256[](size);
        uint256 next = 0;
        for (uint256 i = 0; i < prints.length; ++i) {
            if (!_isShared(prints, i)) continue;
            ballot.words[next] = vectors[_seatPlace(ballot.jobId, ballot.round, ballot.attempt, i)];
            (ballot.places[next], ballot.fingerprints[next]) = (i, prints[i]);
            ++next;
        }
    }

    function _isShared(uint256[] memory prints, uint256 own) private pure returns (bool) {
        if (prints[own] == 0) return false;
        for (uint256 i = 0; i < prints.length; ++i) if (i != own && prints[i] == prints[own]) return true;
        return false;
    }

    /// @dev Two thirds of all seats opened their vectors, three at the least, and more than half count.
    function _isQuorum(Ballot memory ballot) private pure returns (bool) {
        bool enough = ballot.revealed >= 3 && 3 * ballot.revealed >= 2 * ballot.seats;
        return enough && 2 * ballot.places.length > ballot.seats;
    }

    function _verdictOf(Ballot memory ballot, uint256 lane) private pure returns (int256 verdict, bool decided) {
        uint256 invalid = _count(ballot, lane, INVALID, INVALID);
        uint256 void = _count(ballot, lane, INVALID, UNAVAILABLE);
        if (2 * void > ballot.seats) return (2 * invalid > ballot.seats ? INVALID : UNAVAILABLE, true);
        if (2 * (ballot.words.length - void) <= ballot.seats) return (UNAVAILABLE, false);
        verdict = _medianOf(ballot, lane, ballot.words.length - void);
        if (!ballot.common) return (verdict, true);
        int256 width = int256(ballot.tolerance);
        int256 lowest = verdict - width > UNAVAILABLE ? verdict - width : UNAVAILABLE + 1;
        decided = 2 * _count(ballot, lane, lowest, verdict + width) > ballot.seats;
        if (!decided) verdict = UNAVAILABLE;
    }

    /// @dev The number with fewer than half of the `numbers` below it, and at least half up to it.
    function _medianOf(Ballot memory ballot, uint256 lane, uint256 numbers) private pure returns (int256 score) {
        for (uint256 i = 0; i < ballot.words.length; ++i) {
            score = _scoreOf(ballot, i, lane);
            if (score <= UNAVAILABLE) continue;
            uint256 below = _count(ballot, lane, UNAVAILABLE + 1, score - 1);
            uint256 upTo = _count(ballot, lane, UNAVAILABLE + 1, score);
            if (2 * below < numbers && 2 * upTo >= numbers) return score;
        }
        revert("I14: no median");
    }

    /// @dev Seats that count and whose score lies within bounds, inclusive.
    function _count(
        Ballot memory ballot,
        uint256 lane,
        int256 lowest,
        int256 highest
    ) private pure returns (uint256 count) {
        for (uint256 i = 0; i < ballot.words.length; ++i) {
            int256 score = _scoreOf(ballot, i, lane);
            if (score >= lowest && score <= highest) ++count;
        }
    }

    function _rate(Ballot memory ballot, Committee memory committee) private view {
        int16[] memory consensus = panel.consensusOf(ballot.jobId, ballot.round, ballot.attempt);
        for (uint256 j = 0; j < consensus.length; ++j) {
            if (consensus[j] <= UNAVAILABLE) continue;
            for (uint256 i = 0; i < ballot.words.length; ++i) {
                int256 score = _scoreOf(ballot, i, _laneOf(committee, j));
                if (score <= UNAVAILABLE) continue;
                ++ballot.numeric[i];
                int256 gap = score > consensus[j] ? score - consensus[j] : consensus[j] - score;
                if (gap <= int256(ballot.tolerance)) ++ballot.inBand[i];
            }
        }
    }

    function _scoreOf(Ballot memory ballot, uint256 i, uint256 lane) private pure returns (int256) {
        return int16(uint16(ballot.words[i] >> (16 * lane)));
    }

    function _laneOf(Committee memory committee, uint256 j) private pure returns (uint256) {
        return j + (committee.facts.judgesHoldout ? 1 : 0);
    }
}
