// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ValidatorList} from "./ValidatorList.sol";
import {IJobBook} from "./interfaces/IJobBook.sol";
import {IJobRounds} from "./interfaces/IJobRounds.sol";
import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {IStakeRegistry} from "./interfaces/IStakeRegistry.sol";
import {Clusters} from "./libraries/Clusters.sol";
import {Consensus} from "./libraries/Consensus.sol";
import {JobRules} from "./libraries/JobRules.sol";
import {Phases} from "./libraries/Phases.sol";
import {Committee, CommitteeFacts, PanelTerms, Seat} from "./types/PanelTypes.sol";
import {Phase} from "./types/Phase.sol";

/// @title Committees
/// @notice Who scores a round, and when: the draw, and what an attempt has come to.
abstract contract Committees is ValidatorList {
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
    }

    /// @dev Blocks after which a block's hash can no longer be had.
    uint256 private constant HASH_LIFETIME = 256;

    mapping(uint256 jobId => Current) internal _current;
    mapping(uint256 jobId => mapping(uint256 round => mapping(uint256 attempt => Attempt))) internal _attempts;

    constructor(IJobRounds rounds, IJobBook book, IStakeRegistry registry) ValidatorList(rounds, book, registry) {}

    // ---------------------------------------------------------------- anyone

    /// @inheritdoc IScoringPanel
    function armDraw(uint256 jobId) external override {
        (uint256 round, uint256 updates, bool holdoutOpen) = ROUNDS.disclosed(jobId);
        Current memory current = _enterRound(jobId, round);
        Committee storage committee = _attempts[jobId][current.round][current.attempt].committee;
        if (committee.facts.drawnAt != 0) {
            revert ScoringPanel_WrongPhase(jobId, _phaseOf(committee.facts), Phase.Draw);
        }
        uint256 seedBlock = committee.seedBlock;
        if (seedBlock != 0 && block.number <= seedBlock + HASH_LIFETIME) {
            revert ScoringPanel_AlreadyArmed(jobId, seedBlock);
        }
        uint256 enlisted = enlistedCount(jobId);
        if (enlisted < JobRules.MIN_SEATS) revert ScoringPanel_TooFewEnlisted(jobId, enlisted);

        // Casts: block numbers have 64 bits, a round at most 64 updates.
        committee.seedBlock = uint64(block.number);
        committee.facts.updates = uint8(updates);
        committee.facts.judgesHoldout = holdoutOpen;
        emit DrawArmed(jobId, current.round, current.attempt, block.number);
    }

    /// @inheritdoc IScoringPanel
    function drawCommittee(uint256 jobId) external override {
        (Current memory current, Attempt storage attempt, CommitteeFacts memory facts) = _requirePhase(
            jobId,
            Phase.Draw
        );
        Committee storage committee = attempt.committee;
        uint256 seedBlock = committee.seedBlock;
        // The hash is zero for this block, and for blocks too long ago.
        bytes32 hash = blockhash(seedBlock);
        if (seedBlock == 0 || hash == 0) revert ScoringPanel_NoSeed(jobId, seedBlock);

        bytes32 seed = keccak256(abi.encode(hash, jobId, current.round, current.attempt));
        PanelTerms memory terms = BOOK.panelTermsOf(jobId);
        uint256 enlisted = enlistedCount(jobId);
        uint256 seats = enlisted < terms.committeeSize ? enlisted : terms.committeeSize;
        facts.seats = uint8(seats);
        facts.drawnAt = uint40(block.timestamp);
        facts.scoringEnd = uint40(block.timestamp + terms.scoringPeriod);
        facts.revealEnd = facts.scoringEnd + terms.revealPeriod;
        facts.clusters = terms.clusters;
        facts.fingerprints = terms.commonHoldout;
        committee.facts = facts;
        committee.seed = seed;
        committee.revealPeriod = terms.revealPeriod;
        committee.attestationPeriod = terms.attestationPeriod;
        committee.settlementPeriod = terms.settlementPeriod;

        address[] memory validators = _pick(jobId, current.round, current.attempt, seed, seats);
        for (uint256 i = 0; i < seats; ++i) attempt.seats[i].validator = validators[i];
        emit CommitteeDrawn(jobId, current.round, current.attempt, seed, validators);
    }

    // ---------------------------------------------------------------- views

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
        for (uint256 i = 0; i < seats.length; ++i) seats[i] = record.seats[i];
    }

    /// @inheritdoc IScoringPanel
    function sealedBy(
        uint256 jobId,
        address validator
    ) external view override returns (bytes32 scores, bytes32 attestation) {
        return (_enlistments[jobId][validator].scores, _enlistments[jobId][validator].attestation);
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

    /// @dev Keeps a word of the caller's vector until the tally. The commitment is spent, so its slot takes the first word: a
    /// new slot would cost four times as much. Inverted, since a word of zeros (nobody added anything) is common and one of ones
    /// is not: so the slot stays in use.
    function _keepWord(uint256 jobId, Attempt storage attempt, uint256 seat, uint256 place, uint256 word) internal {
        if (place == 0) _enlistments[jobId][msg.sender].scores = bytes32(~word);
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
        return place == 0 ? ~uint256(_enlistments[jobId][validator].scores) : attempt.scores[seat][place];
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

    function _scoreWords(CommitteeFacts memory facts) internal pure returns (uint256) {
        uint256 lanes = uint256(facts.updates) + (facts.judgesHoldout ? 1 : 0);
        return (lanes + Consensus.LANES - 1) / Consensus.LANES;
    }

    function _labelWords(CommitteeFacts memory facts) internal pure returns (uint256) {
        return facts.clusters ? (facts.updates + Clusters.LANES - 1) / Clusters.LANES : 0;
    }

    function _requireListMoves(uint256 jobId) internal view override {
        Current memory current = _current[jobId];
        Committee storage committee = _attempts[jobId][current.round][current.attempt].committee;
        if (committee.seedBlock != 0 && committee.facts.drawnAt == 0) revert ScoringPanel_ListFrozen(jobId);
    }

    function _isHeld(uint256 jobId, uint256 round, uint256 attempt) internal view override returns (bool) {
        return attempt != 0 && !Phases.isOver(_attempts[jobId][round][attempt].committee.facts);
    }

    function _enterRound(uint256 jobId, uint256 round) private returns (Current memory current) {
        current = _current[jobId];
        if (current.round == round) return current;
        // Cast: rounds are counted in 32 bits.
        current = Current({round: uint64(round), attempt: 1});
        _current[jobId] = current;
    }

    /// @dev `None` where the last attempt is over: what follows is the market's affair.
    function _phaseOf(CommitteeFacts memory facts) private view returns (Phase) {
        return Phases.isOver(facts) ? Phase.None : Phases.ofCommittee(facts, block.timestamp);
    }
}
