// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommittees} from "./interfaces/ICommittees.sol";
import {IJobBook} from "./interfaces/IJobBook.sol";
import {IJobLifecycle} from "./interfaces/IJobLifecycle.sol";
import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {Clusters} from "./libraries/Clusters.sol";
import {Consensus} from "./libraries/Consensus.sol";
import {Phases} from "./libraries/Phases.sol";
import {Assignment, Committee, CommitteeFacts, PanelTerms, Sealed, Seat} from "./types/PanelTypes.sol";
import {Phase} from "./types/Phase.sol";

/// @title Attempts
/// @notice What the panel keeps of each attempt at a round: its draw, its seats, what they sealed and revealed, and its
/// phase.
abstract contract Attempts is IScoringPanel {
    /// @dev An attempt's record.
    struct Attempt {
        Committee committee;
        mapping(uint256 seat => Seat) seats;
        /// Revealed score vectors but for their first words, which stand where the commitments stood.
        mapping(uint256 seat => mapping(uint256 word => uint256)) scores;
        /// Consensus, 16 scores a word.
        mapping(uint256 word => uint256) consensus;
        /// Cluster of each update, 32 labels a word.
        mapping(uint256 word => uint256) labels;
    }

    /// @dev The attempt that a job's panel is at: one slot.
    struct Current {
        uint64 round;
        uint8 attempt;
        /// When the first attempt failed, in seconds; 0 before.
        uint40 failedAt;
    }

    /// @dev What a validator's slots for sealed values hold before it sealed any.
    bytes32 private constant NOTHING_SEALED = bytes32(uint256(1));

    /// @inheritdoc IScoringPanel
    IJobBook public immutable override BOOK;
    /// @inheritdoc IScoringPanel
    IJobLifecycle public immutable override LIFECYCLE;
    /// @inheritdoc IScoringPanel
    ICommittees public immutable override COMMITTEES;

    mapping(uint256 jobId => Current) internal _current;
    mapping(uint256 jobId => mapping(uint256 round => mapping(uint256 attempt => Attempt))) internal _attempts;
    mapping(uint256 jobId => mapping(address validator => Sealed)) internal _sealed;
    /// @dev What the draws follow from: see {entropyOf}.
    mapping(uint256 jobId => bytes32) internal _entropy;

    modifier onlyCommittees() {
        if (msg.sender != address(COMMITTEES)) revert ScoringPanel_NotCommittees(msg.sender);
        _;
    }

    /// @param book Names this contract's address.
    constructor(IJobBook book) {
        book.requireNamed(address(book.PANEL()));
        BOOK = book;
        LIFECYCLE = book.LIFECYCLE();
        COMMITTEES = book.COMMITTEES();
    }

    // ---------------------------------------------------------------- the committees

    /// @inheritdoc IScoringPanel
    function prepareSeals(uint256 jobId, address validator) external override onlyCommittees {
        Sealed storage seals = _sealed[jobId][validator];
        if (seals.attestation == 0) (seals.scores, seals.attestation) = (NOTHING_SEALED, NOTHING_SEALED);
        if (_entropy[jobId] == 0) _entropy[jobId] = NOTHING_SEALED;
    }

    /// @inheritdoc IScoringPanel
    function seatCommittee(
        uint256 jobId,
        Assignment calldata assignment,
        address[] calldata validators,
        PanelTerms calldata terms
    ) external override onlyCommittees {
        Current memory current = _enterRound(jobId, assignment.round);
        Attempt storage attempt = _attempts[jobId][current.round][current.attempt];
        Committee storage committee = attempt.committee;
        // Memory begins as zeros: nobody has committed.
        // slither-disable-next-line uninitialized-local
        CommitteeFacts memory facts;
        // Casts: a round has at most 64 updates, a committee at most 31 seats; times.
        facts.updates = uint8(assignment.updates);
        facts.seats = uint8(validators.length);
        facts.drawnAt = uint40(block.timestamp);
        facts.scoringEnd = uint40(block.timestamp + terms.scoringPeriod);
        facts.revealEnd = facts.scoringEnd + terms.revealPeriod;
        facts.judgesHoldout = assignment.judgesHoldout;
        facts.confirming = assignment.confirming;
        facts.clusters = terms.clusters && !assignment.confirming;
        facts.fingerprints = terms.commonHoldout;
        _setFacts(attempt, facts);
        committee.seed = assignment.seed;
        committee.revealPeriod = terms.revealPeriod;
        committee.attestationPeriod = terms.attestationPeriod;
        committee.settlementPeriod = terms.settlementPeriod;
        for (uint256 i = 0; i < validators.length; ++i) attempt.seats[i].validator = validators[i];
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IScoringPanel
    function dueDraw(uint256 jobId, uint256 round) external view override returns (uint256 attempt) {
        Current memory current = _current[jobId];
        if (current.round != round) return 1;
        CommitteeFacts memory facts = _attempts[jobId][round][current.attempt].committee.facts;
        if (facts.drawnAt != 0) revert ScoringPanel_WrongPhase(jobId, _phaseOf(facts), Phase.Draw);
        return current.attempt;
    }

    /// @inheritdoc IScoringPanel
    function dueSince(uint256 jobId, uint256 round) external view override returns (uint256) {
        return _current[jobId].round == round ? _current[jobId].failedAt : 0;
    }

    /// @inheritdoc IScoringPanel
    function entropyOf(uint256 jobId) external view override returns (bytes32) {
        return _entropy[jobId];
    }

    /// @inheritdoc IScoringPanel
    function phaseAt(uint256 jobId, uint256 round, uint256 time) external view override returns (Phase) {
        Current memory current = _current[jobId];
        if (current.round != round) return Phase.Draw;
        return Phases.ofCommittee(_attempts[jobId][round][current.attempt].committee.facts, time);
    }

    /// @inheritdoc IScoringPanel
    function attemptOf(uint256 jobId, uint256 round) external view override returns (uint256) {
        if (_current[jobId].round == round) return _current[jobId].attempt;
        if (Phases.isOver(_attempts[jobId][round][2].committee.facts)) return 2;
        return Phases.isOver(_attempts[jobId][round][1].committee.facts) ? 1 : 0;
    }

    /// @inheritdoc IScoringPanel
    function committeeOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt
    ) external view override returns (Committee memory committee, Seat[] memory seats) {
        Attempt storage record = _attempts[jobId][round][attempt];
        committee = record.committee;
        seats = new Seat[](committee.facts.seats);
        for (uint256 i = 0; i < seats.length; ++i) seats[i] = _seatOf(record, i);
    }

    /// @inheritdoc IScoringPanel
    function sealedBy(
        uint256 jobId,
        address validator
    ) external view override returns (bytes32 scores, bytes32 attestation) {
        return (_sealed[jobId][validator].scores, _sealed[jobId][validator].attestation);
    }

    /// @inheritdoc IScoringPanel
    function consensusOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt
    ) public view override returns (int16[] memory consensus) {
        Attempt storage record = _attempts[jobId][round][attempt];
        consensus = new int16[](record.committee.facts.tallied);
        for (uint256 j = 0; j < consensus.length; ++j) {
            // Cast: `unpack` gives 16-bit numbers.
            consensus[j] = int16(Consensus.unpack(record.consensus[j / Consensus.LANES], j));
        }
    }

    /// @inheritdoc IScoringPanel
    function labelsOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt
    ) public view override returns (uint256[] memory labels) {
        Attempt storage record = _attempts[jobId][round][attempt];
        labels = new uint256[](record.committee.facts.clusters ? record.committee.facts.tallied : 0);
        for (uint256 j = 0; j < labels.length; ++j) {
            labels[j] = Clusters.unpack(record.labels[j / Clusters.LANES], j);
        }
    }

    // ---------------------------------------------------------------- revealed scores

    /// @dev Keeps a word of the caller's vector until the tally. The commitment is spent, so its slot takes the first
    /// word: a new slot would cost four times as much. Inverted, since a word of zeros (nobody added anything) is
    /// common and one of ones is not: so the slot stays in use.
    function _keepWord(uint256 jobId, Attempt storage attempt, uint256 seat, uint256 place, uint256 word) internal {
        if (place == 0) _sealed[jobId][msg.sender].scores = bytes32(~word);
        else attempt.scores[seat][place] = word;
    }

    /// @dev Reads a word of what `validator` revealed from `seat`. Its first is there until it seals scores again.
    function _wordOf(
        uint256 jobId,
        Attempt storage attempt,
        uint256 seat,
        address validator,
        uint256 place
    ) internal view returns (uint256) {
        return place == 0 ? ~uint256(_sealed[jobId][validator].scores) : attempt.scores[seat][place];
    }

    // ---------------------------------------------------------------- checks

    function _requirePhase(
        uint256 jobId,
        Phase expected
    ) internal view returns (Current memory current, Attempt storage attempt, CommitteeFacts memory facts) {
        current = _current[jobId];
        attempt = _attempts[jobId][current.round][current.attempt];
        facts = attempt.committee.facts;
        Phase phase = _phaseOf(facts);
        if (phase != expected) revert ScoringPanel_WrongPhase(jobId, phase, expected);
    }

    function _requireSeat(
        uint256 jobId,
        Attempt storage attempt,
        uint256 seat
    ) internal view returns (Seat storage holder) {
        holder = attempt.seats[seat];
        if (holder.validator != msg.sender) revert ScoringPanel_NotYourSeat(jobId, seat, msg.sender);
    }

    /// @dev The only place that writes all facts: the compiler would unfold it wherever it stood.
    function _setFacts(Attempt storage attempt, CommitteeFacts memory facts) internal {
        attempt.committee.facts = facts;
    }

    /// @dev The only place that reads all of a seat, for the same reason.
    function _seatOf(Attempt storage attempt, uint256 place) internal view returns (Seat memory) {
        return attempt.seats[place];
    }

    /// @dev Notes that the chain took a transaction in the last third of the running phase, Scoring or Reveal.
    /// @return noted True where it was not noted before.
    function _witness(Committee storage committee, CommitteeFacts memory facts) internal returns (bool noted) {
        bool isScoring = block.timestamp < facts.scoringEnd;
        (uint256 start, uint256 end) = isScoring
            ? (facts.drawnAt, facts.scoringEnd)
            : (facts.scoringEnd, facts.revealEnd);
        if (!Phases.isLate(start, end, block.timestamp)) return false;
        if (isScoring) {
            noted = !committee.scoringWitnessed;
            committee.scoringWitnessed = true;
        } else {
            noted = !committee.revealWitnessed;
            committee.revealWitnessed = true;
        }
    }

    function _scoreWords(CommitteeFacts memory facts) internal pure returns (uint256) {
        uint256 lanes = uint256(facts.updates) + (facts.judgesHoldout ? 1 : 0);
        return (lanes + Consensus.LANES - 1) / Consensus.LANES;
    }

    function _labelWords(CommitteeFacts memory facts) internal pure returns (uint256) {
        return facts.clusters ? (facts.updates + Clusters.LANES - 1) / Clusters.LANES : 0;
    }

    function _enterRound(uint256 jobId, uint256 round) private returns (Current memory current) {
        current = _current[jobId];
        if (current.round == round) return current;
        // Cast: rounds are counted in 32 bits.
        current = Current({round: uint64(round), attempt: 1, failedAt: 0});
        _current[jobId] = current;
    }

    /// @dev `None` where the last attempt is over: what follows is the market's affair.
    function _phaseOf(CommitteeFacts memory facts) private view returns (Phase) {
        return Phases.isOver(facts) ? Phase.None : Phases.ofCommittee(facts, block.timestamp);
    }
}
