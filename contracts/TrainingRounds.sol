// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundRecords} from "./RoundRecords.sol";
import {TrustBook} from "./TrustBook.sol";
import {ICommittees} from "./interfaces/ICommittees.sol";
import {IJobBook} from "./interfaces/IJobBook.sol";
import {IJobLifecycle} from "./interfaces/IJobLifecycle.sol";
import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {ITrainingMarket} from "./interfaces/ITrainingMarket.sol";
import {ITrainingRounds} from "./interfaces/ITrainingRounds.sol";
import {ITrustBook} from "./interfaces/ITrustBook.sol";
import {Attendance} from "./libraries/Attendance.sol";
import {Commitments} from "./libraries/Commitments.sol";
import {Draw} from "./libraries/Draw.sol";
import {Phases} from "./libraries/Phases.sol";
import {Updates} from "./libraries/Updates.sol";
import {Departure, Member, Roster, RoundFacts, RoundOutcome, RoundTerms} from "./types/JobTypes.sol";
import {Phase} from "./types/Phase.sol";

/// @title TrainingRounds
/// @notice Who trains, and each round until its updates are disclosed: members, what is sealed, what is opened, and
/// when.
/// @dev The market takes and returns bonds; the lifecycle opens and ends rounds. Deploying this contract deploys the
/// trust book.
contract TrainingRounds is RoundRecords {
    /// @dev What a member's slot for sealed digests holds before it sealed any.
    bytes32 private constant NOTHING_SEALED = bytes32(uint256(1));

    /// @dev What entropy begins with.
    bytes32 private constant NO_ENTROPY = bytes32(uint256(1));

    /// @inheritdoc ITrainingRounds
    IJobBook public immutable override BOOK;
    /// @inheritdoc ITrainingRounds
    ITrainingMarket public immutable override MARKET;
    /// @inheritdoc ITrainingRounds
    IJobLifecycle public immutable override LIFECYCLE;
    /// @inheritdoc ITrainingRounds
    ICommittees public immutable override COMMITTEES;
    /// @inheritdoc ITrainingRounds
    IScoringPanel public immutable override PANEL;
    /// @inheritdoc ITrainingRounds
    ITrustBook public immutable override TRUST;

    mapping(uint256 jobId => RoundTerms) private _terms;
    /// @dev What the draws follow from: see {entropyOf}.
    mapping(uint256 jobId => bytes32) private _entropy;

    modifier onlyMarket() {
        if (msg.sender != address(MARKET)) revert TrainingRounds_NotMarket(msg.sender);
        _;
    }

    modifier onlyLifecycle() {
        if (msg.sender != address(LIFECYCLE)) revert TrainingRounds_NotLifecycle(msg.sender);
        _;
    }

    /// @param book Names this contract's address.
    constructor(IJobBook book) {
        book.requireNamed(address(book.ROUNDS()));
        BOOK = book;
        MARKET = book.MARKET();
        LIFECYCLE = book.LIFECYCLE();
        COMMITTEES = book.COMMITTEES();
        PANEL = book.PANEL();
        TRUST = new TrustBook(this, book.PANEL());
    }

    // ---------------------------------------------------------------- trainers

    /// @inheritdoc ITrainingRounds
    function commitUpdate(uint256 jobId, bytes32 commitment) external override {
        Roster memory roster = _rosters[jobId];
        uint32 number = roster.round;
        RoundTerms memory terms = _terms[jobId];
        RoundFacts memory facts = _requireRoundPhase(jobId, number, terms, Phase.Training);
        if (terms.sealedHoldout && !roster.publicShardOpen) revert TrainingRounds_PublicShardDue(jobId);
        if (commitment == 0) revert TrainingRounds_ZeroDigest();
        Member storage member = _members[jobId][msg.sender];
        _requireActive(jobId, roster, member);

        if (member.lastCommitted != number) {
            if (facts.committed == terms.maxUpdates) revert TrainingRounds_RoundFull(jobId, facts.committed);
            Attendance.commit(roster, facts, member);
            member.lastCommitted = number;
            member.commitments = 0;
        }
        if (member.commitments == terms.retrainQuota) revert TrainingRounds_QuotaUsed(jobId, terms.retrainQuota);
        ++member.commitments;
        member.order = facts.orders;
        member.commitment = commitment;
        ++facts.orders;
        _closeTrainingIfComplete(facts, terms);
        _setFacts(jobId, number, facts);
        emit UpdateCommitted(jobId, number, msg.sender, commitment);
    }

    /// @inheritdoc ITrainingRounds
    function revealUpdate(uint256 jobId, bytes32 digest, bytes32 salt) external override {
        uint32 number = _rosters[jobId].round;
        RoundTerms memory terms = _terms[jobId];
        RoundFacts memory facts = _requireRoundPhase(jobId, number, terms, Phase.Disclosure);
        if (digest == 0) revert TrainingRounds_ZeroDigest();
        Member storage member = _members[jobId][msg.sender];
        bool isSealed = member.lastCommitted == number && member.lastRevealed != number;
        bytes32 expected = isSealed ? member.commitment : bytes32(0);
        bytes32 actual = Commitments.ofUpdate(jobId, number, msg.sender, digest, salt);
        if (actual != expected) revert TrainingRounds_CommitmentMismatch(jobId, msg.sender, actual, expected);

        member.lastRevealed = number;
        _entropy[jobId] = Draw.mixed(_entropy[jobId], facts.revealed == 0, msg.sender, salt);
        member.commitment = digest;
        Round storage round = _rounds[jobId][number];
        uint256 index = facts.revealed;
        _addUpdate(jobId, round, index, Updates.entryOf(member.number, member.order, digest), digest);
        ++facts.revealed;
        if (_isLate(facts, terms, 0)) facts.witnessed = true;
        if (facts.revealed == facts.committed) facts.disclosureEnd = uint40(block.timestamp);
        _setFacts(jobId, number, facts);
        emit UpdateRevealed(jobId, number, msg.sender, index, digest);
    }

    // ---------------------------------------------------------------- anyone

    /// @inheritdoc ITrainingRounds
    function witness(uint256 jobId) external override {
        uint32 number = _rosters[jobId].round;
        RoundTerms memory terms = _terms[jobId];
        RoundFacts memory facts = _factsAt(jobId, number, terms, block.timestamp);
        bool isDisclosure = facts.committed != 0 && _isLate(facts, terms, 0);
        bool isOpening = _isHoldoutDue(facts, terms) && _isLate(facts, terms, terms.disclosurePeriod);
        bool isNoted = isDisclosure ? facts.witnessed : facts.openingWitnessed;
        if (isNoted || !(isDisclosure || isOpening)) revert TrainingRounds_NothingToWitness(jobId);

        RoundFacts storage noted = _rounds[jobId][number].facts;
        if (isDisclosure) noted.witnessed = true;
        else noted.openingWitnessed = true;
        emit RoundWitnessed(jobId, number);
    }

    // ---------------------------------------------------------------- the market

    /// @inheritdoc ITrainingRounds
    function admit(uint256 jobId, address trainer, bytes32[] calldata invitation) external override onlyMarket {
        address initiator = LIFECYCLE.requireJoinable(jobId);
        Member storage member = _members[jobId][trainer];
        if (trainer == initiator || member.since != 0 || COMMITTEES.isEnlisted(jobId, trainer)) {
            revert TrainingRounds_RoleTaken(jobId, trainer);
        }
        if (!BOOK.isInvited(jobId, trainer, invitation)) revert TrainingRounds_NotInvited(jobId, trainer);

        Roster memory roster = _rosters[jobId];
        member.since = roster.round + 1;
        member.number = roster.joins;
        _trainers[jobId][roster.joins] = trainer;
        member.commitment = NOTHING_SEALED;
        Attendance.join(roster);
        _setRoster(jobId, roster);
        emit Joined(jobId, trainer, member.since, member.number);
        if (!_terms[jobId].keepsTrust) return;
        // Founders are those that joined before the first round's Training closed: opening it shuts nobody out.
        bool isFirstTraining =
            roster.round == 1 && _roundPhaseAt(jobId, roster.round, block.timestamp) == Phase.Training;
        // Not by leaving and joining again, which would add a founder's trust each time.
        bool isFounder = !member.former && (roster.round == 0 || isFirstTraining);
        TRUST.admit(jobId, trainer, isFounder);
    }

    /// @inheritdoc ITrainingRounds
    function dismiss(uint256 jobId, address trainer) external override onlyMarket returns (Departure) {
        Member storage member = _requireMember(jobId, trainer);
        if (member.leaving != 0) revert TrainingRounds_Leaving(jobId, trainer);
        Roster memory roster = _finishEmptyRound(jobId);
        if (_isForfeited(jobId, member)) return _endMembership(jobId, trainer, Departure.Forfeited);
        if (_owesDisclosure(jobId, roster, member)) revert TrainingRounds_MustReveal(jobId, trainer);

        bool isRunning = _isRunning(jobId, roster.round);
        if (isRunning && member.lastCommitted == roster.round) {
            member.leaving = roster.round;
            ++_rounds[jobId][roster.round].facts.leaving;
            return Departure.Later;
        }
        RoundTerms memory terms = _terms[jobId];
        RoundFacts memory facts = _factsAt(jobId, roster.round, terms, block.timestamp);
        if (Attendance.depart(roster, facts, member, isRunning)) {
            _closeTrainingIfComplete(facts, terms);
            _setFacts(jobId, roster.round, facts);
        }
        _setRoster(jobId, roster);
        return _endMembership(jobId, trainer, Departure.Free);
    }

    /// @inheritdoc ITrainingRounds
    function release(uint256 jobId, address trainer) external override onlyMarket returns (Departure) {
        Member storage member = _requireMember(jobId, trainer);
        if (_isForfeited(jobId, member)) return _endMembership(jobId, trainer, Departure.Forfeited);
        bool left = member.leaving != 0 && _rounds[jobId][member.leaving].facts.outcome != RoundOutcome.None;
        if (!left && LIFECYCLE.isOpen(jobId)) revert TrainingRounds_BondHeld(jobId, trainer);
        return _endMembership(jobId, trainer, Departure.Free);
    }

    // ---------------------------------------------------------------- the lifecycle

    /// @inheritdoc ITrainingRounds
    function post(uint256 jobId, RoundTerms calldata terms) external override onlyLifecycle {
        _terms[jobId] = terms;
        // Not zero, so that no disclosure pays for a new slot.
        _entropy[jobId] = NO_ENTROPY;
    }

    /// @inheritdoc ITrainingRounds
    function finishEmptyRound(
        uint256 jobId
    ) external override onlyLifecycle returns (uint256 round, uint256 members, Phase phase) {
        Roster memory roster = _finishEmptyRound(jobId);
        return (roster.round, roster.members, _roundPhaseAt(jobId, roster.round, block.timestamp));
    }

    /// @inheritdoc ITrainingRounds
    function open(uint256 jobId) external override onlyLifecycle {
        Roster memory roster = _rosters[jobId];
        RoundTerms memory terms = _terms[jobId];
        // Memory begins as zeros: nobody has committed.
        // slither-disable-next-line uninitialized-local
        RoundFacts memory facts;
        facts.trainingStart = uint40(block.timestamp);
        facts.trainingEnd = facts.trainingStart + terms.trainingPeriod;
        facts.disclosureEnd = facts.trainingEnd + terms.disclosurePeriod;
        Attendance.open(roster, facts);
        uint32 number = roster.round;
        _setFacts(jobId, number, facts);
        _setRoster(jobId, roster);
        emit RoundOpened(jobId, number, false, facts.trainingEnd);
    }

    /// @inheritdoc ITrainingRounds
    function openHoldout(uint256 jobId) external override onlyLifecycle returns (uint256 round) {
        Roster storage roster = _rosters[jobId];
        uint32 number = roster.round;
        RoundTerms memory terms = _terms[jobId];
        bool isPublic = !roster.publicShardOpen;
        RoundFacts memory facts = _requireRoundPhase(jobId, number, terms, isPublic ? Phase.Training : Phase.Draw);
        bool isDue = isPublic ? terms.sealedHoldout : _isHoldoutDue(facts, terms);
        if (!isDue) revert TrainingRounds_NoHoldoutDue(jobId);

        if (isPublic) roster.publicShardOpen = true;
        else _rounds[jobId][number].facts.holdoutOpen = true;
        return isPublic ? 0 : number;
    }

    /// @inheritdoc ITrainingRounds
    function openConfirming(uint256 jobId) external override onlyLifecycle {
        uint32 number = ++_rosters[jobId].round;
        RoundFacts storage facts = _rounds[jobId][number].facts;
        facts.trainingStart = uint40(block.timestamp);
        facts.confirming = true;
        emit RoundOpened(jobId, number, true, block.timestamp);
    }

    /// @inheritdoc ITrainingRounds
    function finish(
        uint256 jobId,
        RoundOutcome outcome,
        uint256 attempt
    ) external override onlyLifecycle returns (uint256 members) {
        Roster memory roster = _rosters[jobId];
        _finishRound(jobId, roster, outcome);
        // No job that keeps trust has a confirming round: those have no updates.
        if (outcome == RoundOutcome.Settled && _terms[jobId].keepsTrust) TRUST.grow(jobId, roster.round, attempt);
        return roster.members;
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc ITrainingRounds
    function phaseAt(uint256 jobId, uint256 time) external view override returns (Phase) {
        uint256 number = _rosters[jobId].round;
        Phase phase = _roundPhaseAt(jobId, number, time);
        return phase == Phase.Draw ? PANEL.phaseAt(jobId, number, time) : phase;
    }

    /// @inheritdoc ITrainingRounds
    function rosterOf(uint256 jobId) external view override returns (Roster memory) {
        return _rosters[jobId];
    }

    /// @inheritdoc ITrainingRounds
    function roundOf(uint256 jobId, uint256 number, uint256 time) external view override returns (RoundFacts memory) {
        return _factsAt(jobId, number, _terms[jobId], time);
    }

    /// @inheritdoc ITrainingRounds
    function memberOf(uint256 jobId, address trainer) external view override returns (Member memory) {
        return _members[jobId][trainer];
    }

    /// @inheritdoc ITrainingRounds
    function hasJoined(uint256 jobId, address account) external view override returns (bool) {
        Member storage member = _members[jobId][account];
        return member.since != 0 || member.former;
    }

    /// @inheritdoc ITrainingRounds
    function entropyOf(uint256 jobId) external view override returns (bytes32) {
        return _entropy[jobId];
    }

    /// @inheritdoc ITrainingRounds
    function disclosed(uint256 jobId) external view override returns (uint256 number, RoundFacts memory facts) {
        number = _rosters[jobId].round;
        RoundTerms memory terms = _terms[jobId];
        facts = _requireRoundPhase(jobId, number, terms, Phase.Draw);
        if (_isHoldoutDue(facts, terms)) revert TrainingRounds_HoldoutDue(jobId);
    }

    /// @inheritdoc ITrainingRounds
    function running(uint256 jobId) external view override returns (uint256 number, RoundFacts memory facts) {
        number = _rosters[jobId].round;
        return (number, _rounds[jobId][number].facts);
    }

    // ---------------------------------------------------------------- rounds

    /// @dev A round in which nobody disclosed anything ends by itself; this writes it down.
    function _finishEmptyRound(uint256 jobId) private returns (Roster memory roster) {
        roster = _rosters[jobId];
        uint32 number = roster.round;
        if (number == 0 || !_isRunning(jobId, number)) return roster;
        if (_roundPhaseAt(jobId, number, block.timestamp) != Phase.Waiting) return roster;
        _finishRound(jobId, roster, RoundOutcome.Empty);
    }

    function _finishRound(uint256 jobId, Roster memory roster, RoundOutcome outcome) private {
        RoundTerms memory terms = _terms[jobId];
        RoundFacts memory facts = _factsAt(jobId, roster.round, terms, block.timestamp);
        facts.outcome = outcome;
        _setFacts(jobId, roster.round, facts);
        Attendance.close(roster, facts);
        _setRoster(jobId, roster);
        emit RoundEnded(jobId, roster.round, outcome);
        // The trust book calls nobody but these rounds and the panel, to read.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        if (outcome != RoundOutcome.Settled && terms.keepsTrust) TRUST.forgetDeparted(jobId);
    }

    function _closeTrainingIfComplete(RoundFacts memory facts, RoundTerms memory terms) private view {
        uint256 end = Phases.earlyEnd(facts, terms, block.timestamp);
        if (end == facts.trainingEnd) return;
        facts.closedEarly = true;
        // Cast: a time.
        facts.trainingEnd = uint40(end);
        facts.disclosureEnd = facts.trainingEnd + terms.disclosurePeriod;
    }

    /// @dev In the last third of Disclosure, or as much later.
    function _isLate(RoundFacts memory facts, RoundTerms memory terms, uint256 later) private view returns (bool) {
        uint256 end = facts.disclosureEnd + later;
        return Phases.isLate(end - terms.disclosurePeriod, end, block.timestamp);
    }

    /// @dev In Draw the initiator has as long as Disclosure lasts at most to open the round's shard. A confirming round
    /// has no Disclosure, and none is due.
    function _isHoldoutDue(RoundFacts memory facts, RoundTerms memory terms) private view returns (bool) {
        uint256 end = uint256(facts.disclosureEnd) + terms.disclosurePeriod;
        return terms.sealedHoldout && !facts.holdoutOpen && block.timestamp < end;
    }

    // ---------------------------------------------------------------- members

    function _endMembership(uint256 jobId, address trainer, Departure how) private returns (Departure) {
        delete _members[jobId][trainer];
        _members[jobId][trainer].former = true;
        emit Left(jobId, trainer, how == Departure.Forfeited);
        // The trust book calls nobody but these rounds and the panel, to read.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        if (_terms[jobId].keepsTrust) TRUST.dismiss(jobId, trainer, _isRunning(jobId, _rosters[jobId].round));
        return how;
    }

    /// @dev A commitment that was not disclosed in time, while the chain took transactions.
    function _isForfeited(uint256 jobId, Member memory member) private view returns (bool) {
        if (member.lastCommitted <= member.lastRevealed) return false;
        RoundFacts memory facts = _factsAt(jobId, member.lastCommitted, _terms[jobId], block.timestamp);
        return facts.witnessed && block.timestamp >= facts.disclosureEnd;
    }

    /// @dev A commitment in the running round that can still be disclosed.
    function _owesDisclosure(uint256 jobId, Roster memory roster, Member memory member) private view returns (bool) {
        if (member.lastCommitted <= member.lastRevealed || member.lastCommitted != roster.round) return false;
        return block.timestamp < _factsAt(jobId, roster.round, _terms[jobId], block.timestamp).disclosureEnd;
    }

    // ---------------------------------------------------------------- facts and checks

    function _factsAt(
        uint256 jobId,
        uint256 number,
        RoundTerms memory terms,
        uint256 time
    ) private view returns (RoundFacts memory) {
        return Phases.asOf(_rounds[jobId][number].facts, terms, time);
    }

    /// @dev Training and Disclosure are known here without asking the panel; `Draw` stands for all that follows them. A
    /// round that nobody opened, like round 0, is Waiting.
    function _roundPhaseAt(uint256 jobId, uint256 number, uint256 time) private view returns (Phase) {
        return Phases.ofRound(_factsAt(jobId, number, _terms[jobId], time), time);
    }

    function _isRunning(uint256 jobId, uint256 number) private view returns (bool) {
        return number != 0 && _rounds[jobId][number].facts.outcome == RoundOutcome.None;
    }

    function _requireRoundPhase(
        uint256 jobId,
        uint256 number,
        RoundTerms memory terms,
        Phase expected
    ) private view returns (RoundFacts memory facts) {
        facts = _factsAt(jobId, number, terms, block.timestamp);
        Phase phase = Phases.ofRound(facts, block.timestamp);
        if (phase != expected) {
            revert TrainingRounds_WrongPhase(jobId, LIFECYCLE.phaseAt(jobId, block.timestamp));
        }
    }

    function _requireMember(uint256 jobId, address trainer) private view returns (Member storage member) {
        member = _members[jobId][trainer];
        if (member.since == 0) revert TrainingRounds_NotMember(jobId, trainer);
    }

    /// @dev A member that may commit in the running round: it takes part by now, does not leave, and disclosed what it
    /// committed before, where that could be told from a chain that stood still.
    function _requireActive(uint256 jobId, Roster memory roster, Member memory member) private view {
        if (member.since == 0 || member.since > roster.round) revert TrainingRounds_NotMember(jobId, msg.sender);
        if (member.leaving != 0) revert TrainingRounds_Leaving(jobId, msg.sender);
        if (_isForfeited(jobId, member)) revert TrainingRounds_NotMember(jobId, msg.sender);
    }
}
