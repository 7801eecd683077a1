// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobBook} from "./interfaces/IJobBook.sol";
import {IJobRounds} from "./interfaces/IJobRounds.sol";
import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {ITrainingMarket} from "./interfaces/ITrainingMarket.sol";
import {ITrustBook} from "./interfaces/ITrustBook.sol";
import {Commitments} from "./libraries/Commitments.sol";
import {Phases} from "./libraries/Phases.sol";
import {Job, Member, RoundFacts, RoundOutcome, RoundResult, Terms, Update} from "./types/JobTypes.sol";
import {Phase} from "./types/Phase.sol";

/// @title TrainingRounds
/// @notice Rounds until their updates are disclosed: who is expected, what is sealed, what is opened, and when.
abstract contract TrainingRounds is IJobRounds {
    /// @dev A round's record.
    struct Round {
        RoundFacts facts;
        RoundResult result;
        Update[] updates;
        /// Place after which an update with this digest stands in `updates`; 0 for none.
        mapping(bytes32 digest => uint256) placeOf;
    }

    /// @dev What a member's slot for sealed digests holds before it sealed any.
    bytes32 internal constant NOTHING_SEALED = bytes32(uint256(1));

    /// @inheritdoc IJobRounds
    ITrainingMarket public immutable override MARKET;
    /// @inheritdoc IJobRounds
    IScoringPanel public immutable override PANEL;
    /// @inheritdoc IJobRounds
    IJobBook public immutable override BOOK;
    /// @inheritdoc IJobRounds
    ITrustBook public immutable override TRUST;

    mapping(uint256 jobId => Job) internal _jobs;
    mapping(uint256 jobId => mapping(uint256 round => Round)) internal _rounds;
    mapping(uint256 jobId => mapping(address trainer => Member)) internal _members;

    /// @param panel Was deployed for these rounds and no others.
    constructor(IScoringPanel panel) {
        if (address(panel.ROUNDS()) != address(this)) revert JobRounds_NotPanel(address(panel));
        PANEL = panel;
        BOOK = panel.BOOK();
        TRUST = panel.TRUST();
        MARKET = BOOK.MARKET();
    }

    // ---------------------------------------------------------------- trainers

    /// @inheritdoc IJobRounds
    function commitUpdate(uint256 jobId, bytes32 commitment) external override {
        Job storage job = _jobs[jobId];
        uint32 number = job.round;
        Terms memory terms = job.terms;
        RoundFacts memory facts = _requireRoundPhase(jobId, number, terms, Phase.Training);
        if (commitment == 0) revert JobRounds_ZeroDigest();
        Member storage member = _members[jobId][msg.sender];
        _requireActive(jobId, number, member);

        if (member.lastCommitted != number) {
            if (facts.committed == terms.maxUpdates) revert JobRounds_RoundFull(jobId, facts.committed);
            if (_isExpected(job, member)) ++facts.expectedCommitted;
            ++facts.committed;
            member.lastCommitted = number;
            member.commitments = 0;
        }
        if (member.commitments == terms.retrainQuota) revert JobRounds_QuotaUsed(jobId, terms.retrainQuota);
        ++member.commitments;
        member.order = facts.orders;
        ++facts.orders;
        member.commitment = commitment;
        _closeTrainingIfComplete(facts, terms);
        _rounds[jobId][number].facts = facts;
        emit UpdateCommitted(jobId, number, msg.sender, commitment);
    }

    /// @inheritdoc IJobRounds
    function revealUpdate(uint256 jobId, bytes32 digest, bytes32 salt) external override {
        uint32 number = _jobs[jobId].round;
        Terms memory terms = _jobs[jobId].terms;
        RoundFacts memory facts = _requireRoundPhase(jobId, number, terms, Phase.Disclosure);
        if (digest == 0) revert JobRounds_ZeroDigest();
        Member storage member = _members[jobId][msg.sender];
        bool isSealed = member.lastCommitted == number && member.lastRevealed != number;
        bytes32 expected = isSealed ? member.commitment : bytes32(0);
        bytes32 actual = Commitments.ofUpdate(jobId, number, msg.sender, digest, salt);
        if (actual != expected) revert JobRounds_CommitmentMismatch(jobId, msg.sender, actual, expected);

        member.lastRevealed = number;
        Round storage round = _rounds[jobId][number];
        uint256 index = round.updates.length;
        round.updates.push(Update({trainer: msg.sender, order: member.order, digest: digest}));
        _markCopy(round, digest, index);
        ++facts.revealed;
        _closeDisclosureIfComplete(facts, terms);
        round.facts = facts;
        emit UpdateRevealed(jobId, number, msg.sender, index, digest);
    }

    // ---------------------------------------------------------------- anyone

    /// @inheritdoc IJobRounds
    function openHoldout(uint256 jobId, bytes32 key, bytes32[] calldata proof) external override {
        uint32 number = _jobs[jobId].round;
        Terms memory terms = _jobs[jobId].terms;
        RoundFacts memory facts = _requireRoundPhase(jobId, number, terms, Phase.Disclosure);
        if (!terms.sealedHoldout || facts.holdoutOpen) revert JobRounds_NoHoldoutDue(jobId, number);

        facts.holdoutOpen = true;
        _closeDisclosureIfComplete(facts, terms);
        _rounds[jobId][number].facts = facts;
        BOOK.openShard(jobId, number, key, proof);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IJobRounds
    function phaseAt(uint256 jobId, uint256 time) public view override returns (Phase) {
        Job storage job = _jobs[jobId];
        if (job.initiator == address(0)) return Phase.None;
        if (job.closed) return Phase.Closed;
        if (job.round == 0) return Phase.Waiting;
        Phase phase = Phases.ofRound(_factsAt(jobId, job.round, job.terms, time), time);
        return phase == Phase.Draw ? PANEL.phaseAt(jobId, job.round, time) : phase;
    }

    /// @inheritdoc IJobRounds
    function jobOf(uint256 jobId) external view override returns (Job memory) {
        return _jobs[jobId];
    }

    /// @inheritdoc IJobRounds
    function roundOf(
        uint256 jobId,
        uint256 number,
        uint256 time
    ) external view override returns (RoundFacts memory facts, RoundResult memory result) {
        facts = _factsAt(jobId, number, _jobs[jobId].terms, time);
        result = _rounds[jobId][number].result;
    }

    /// @inheritdoc IJobRounds
    function updatesOf(
        uint256 jobId,
        uint256 number
    ) external view override returns (Update[] memory updates, uint64 copies) {
        Round storage round = _rounds[jobId][number];
        return (round.updates, round.result.copies);
    }

    /// @inheritdoc IJobRounds
    function memberOf(uint256 jobId, address trainer) external view override returns (Member memory) {
        return _members[jobId][trainer];
    }

    /// @inheritdoc IJobRounds
    function isParticipant(uint256 jobId, address account) public view override returns (bool) {
        return account == _jobs[jobId].initiator || _members[jobId][account].since != 0;
    }

    /// @inheritdoc IJobRounds
    function disclosed(
        uint256 jobId
    ) external view override returns (uint256 number, uint256 updates, bool holdoutOpen) {
        number = _jobs[jobId].round;
        RoundFacts memory facts = _requireRoundPhase(jobId, uint32(number), _jobs[jobId].terms, Phase.Draw);
        return (number, facts.revealed, facts.holdoutOpen);
    }

    /// @inheritdoc IJobRounds
    function isOpen(uint256 jobId) public view override returns (bool) {
        Job storage job = _jobs[jobId];
        return job.initiator != address(0) && !job.closed;
    }

    // ---------------------------------------------------------------- rounds

    function _openRound(uint256 jobId, Job storage job) internal {
        uint32 number = ++job.round;
        Terms memory terms = job.terms;
        // Memory begins as zeros: nobody has committed.
        // slither-disable-next-line uninitialized-local
        RoundFacts memory facts;
        facts.trainingStart = uint40(block.timestamp);
        facts.trainingEnd = facts.trainingStart + terms.trainingPeriod;
        facts.disclosureEnd = facts.trainingEnd + terms.disclosurePeriod;
        facts.expected = job.expected;
        _rounds[jobId][number].facts = facts;
        job.expected = 0;
        // The book notes a seed, and calls nobody.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        if (number == 1 && terms.sealedHoldout) BOOK.shuffleShards(jobId);
        emit RoundOpened(jobId, number, false, facts.trainingEnd);
    }

    /// @dev The last round: no Training; one more committee attests the score of the released model.
    function _openConfirmingRound(uint256 jobId, Job storage job) internal {
        uint32 number = ++job.round;
        RoundFacts storage facts = _rounds[jobId][number].facts;
        facts.trainingStart = uint40(block.timestamp);
        facts.confirming = true;
        emit RoundOpened(jobId, number, true, block.timestamp);
    }

    /// @dev A round in which nobody disclosed anything ends by itself; this writes it down.
    function _finishEmptyRound(uint256 jobId, Job storage job) internal {
        if (job.round == 0) return;
        RoundFacts memory facts = _factsAt(jobId, job.round, job.terms, block.timestamp);
        if (facts.outcome != RoundOutcome.None) return;
        if (Phases.ofRound(facts, block.timestamp) == Phase.Waiting) _finishRound(jobId, job, RoundOutcome.Empty);
    }

    function _finishRound(uint256 jobId, Job storage job, RoundOutcome outcome) internal {
        uint32 number = job.round;
        RoundFacts memory facts = _factsAt(jobId, number, job.terms, block.timestamp);
        facts.outcome = outcome;
        _rounds[jobId][number].facts = facts;
        if (!facts.confirming) {
            uint32 staying = facts.revealed - facts.leaving;
            job.expected += staying;
            // Who leaves, and who sealed and did not disclose, is no member of the next round.
            job.members -= facts.committed - staying;
            // A round that closed early removes nobody: whom it did not wait for is expected again.
            if (facts.closedEarly) job.expected += facts.expected - facts.expectedCommitted;
            else job.lastFullRound = number;
        }
        // The trust book calls nobody but these rounds and the panel, to read.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        if (outcome != RoundOutcome.Settled && job.terms.keepsTrust) TRUST.forgetDeparted(jobId);
        emit RoundEnded(jobId, number, outcome);
    }

    function _closeTrainingIfComplete(RoundFacts memory facts, Terms memory terms) internal view {
        uint256 end = Phases.earlyEnd(facts, terms, block.timestamp);
        if (end == facts.trainingEnd) return;
        facts.closedEarly = true;
        // Cast: a time.
        facts.trainingEnd = uint40(end);
        facts.disclosureEnd = facts.trainingEnd + terms.disclosurePeriod;
    }

    function _closeDisclosureIfComplete(RoundFacts memory facts, Terms memory terms) private view {
        bool complete = facts.revealed == facts.committed && (facts.holdoutOpen || !terms.sealedHoldout);
        if (complete) facts.disclosureEnd = uint40(block.timestamp);
    }

    /// @dev Of byte-identical updates the one committed first keeps the value, whoever reveals first.
    function _markCopy(Round storage round, bytes32 digest, uint256 index) private {
        uint256 place = round.placeOf[digest];
        uint256 copy = index;
        if (place == 0) {
            round.placeOf[digest] = index + 1;
            return;
        }
        if (round.updates[index].order < round.updates[place - 1].order) {
            round.placeOf[digest] = index + 1;
            copy = place - 1;
        }
        // Cast: a round has at most 64 updates.
        round.result.copies |= uint64(1 << copy);
    }

    // ---------------------------------------------------------------- facts and checks

    function _factsAt(
        uint256 jobId,
        uint256 number,
        Terms memory terms,
        uint256 time
    ) internal view returns (RoundFacts memory) {
        return Phases.asOf(_rounds[jobId][number].facts, terms, time);
    }

    function _isRunning(uint256 jobId, Job storage job) internal view returns (bool) {
        return job.round != 0 && _rounds[jobId][job.round].facts.outcome == RoundOutcome.None;
    }

    /// @dev Expected are members who missed no round that ran to its deadline since they last committed or joined.
    function _isExpected(Job storage job, Member storage member) internal view returns (bool) {
        return member.lastCommitted >= job.lastFullRound || member.since > job.lastFullRound;
    }

    /// @dev A commitment that was not disclosed in time.
    function _isForfeited(uint256 jobId, Job storage job, Member storage member) internal view returns (bool) {
        if (member.lastCommitted <= member.lastRevealed) return false;
        if (member.lastCommitted < job.round) return true;
        RoundFacts memory facts = _factsAt(jobId, member.lastCommitted, job.terms, block.timestamp);
        return block.timestamp >= facts.disclosureEnd;
    }

    /// @dev A member that may commit in a round: it has begun, does not leave, and kept its earlier commitments.
    function _requireActive(uint256 jobId, uint32 number, Member storage member) private view {
        if (member.since == 0 || member.since > number) revert JobRounds_NotMember(jobId, msg.sender);
        if (member.leaving != 0) revert JobRounds_Leaving(jobId, msg.sender);
        bool forfeited = member.lastCommitted > member.lastRevealed && member.lastCommitted != number;
        if (forfeited) revert JobRounds_NotMember(jobId, msg.sender);
    }

    /// @dev Training and Disclosure are known here without asking the panel; `Draw` stands for all that follows them.
    function _requireRoundPhase(
        uint256 jobId,
        uint32 number,
        Terms memory terms,
        Phase expected
    ) private view returns (RoundFacts memory facts) {
        facts = _factsAt(jobId, number, terms, block.timestamp);
        Phase phase = Phases.ofRound(facts, block.timestamp);
        if (number == 0 || phase != expected) {
            revert JobRounds_WrongPhase(jobId, phaseAt(jobId, block.timestamp));
        }
    }
}
