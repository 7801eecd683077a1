// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TrainingRounds} from "./TrainingRounds.sol";
import {IJobRounds} from "./interfaces/IJobRounds.sol";
import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {JobRules} from "./libraries/JobRules.sol";
import {Departure, Job, Member, RoundFacts, RoundOutcome, RoundResult, Settlement, Terms} from "./types/JobTypes.sol";
import {Phase} from "./types/Phase.sol";

/// @title JobRounds
/// @notice The life of a job: its members, rounds and updates, and the model. Holds no money.
/// @dev The market takes and gives what a change here costs and earns; the panel scores what is disclosed.
contract JobRounds is TrainingRounds {
    modifier onlyMarket() {
        if (msg.sender != address(MARKET)) revert JobRounds_NotMarket(msg.sender);
        _;
    }

    modifier onlyPanel() {
        if (msg.sender != address(PANEL)) revert JobRounds_NotPanel(msg.sender);
        _;
    }

    /// @param panel Was deployed for these rounds and no others.
    constructor(IScoringPanel panel) TrainingRounds(panel) {}

    // ---------------------------------------------------------------- initiator

    /// @inheritdoc IJobRounds
    function cancelJob(uint256 jobId) external override {
        Job storage job = _jobs[jobId];
        if (msg.sender != job.initiator) revert JobRounds_NotInitiator(jobId, msg.sender);
        Phase phase = phaseAt(jobId, block.timestamp);
        if (phase == Phase.Closed || job.cancelled) revert JobRounds_WrongPhase(jobId, phase);

        job.cancelled = true;
        emit JobCancelled(jobId);
        if (phase == Phase.Waiting) {
            _finishEmptyRound(jobId, job);
            _endJob(jobId, job);
        }
    }

    // ---------------------------------------------------------------- anyone

    /// @inheritdoc IJobRounds
    function openRound(uint256 jobId) external override {
        Job storage job = _requireWaiting(jobId);
        if (_isEnding(job)) revert JobRounds_NoMoreRounds(jobId);
        if (!_canOpen(jobId, job)) revert JobRounds_TooFew(jobId);
        _openRound(jobId, job);
    }

    /// @inheritdoc IJobRounds
    function closeJob(uint256 jobId) external override {
        Job storage job = _jobs[jobId];
        if (phaseAt(jobId, block.timestamp) == Phase.Draw) {
            // Nobody is left to score: only the deadline ends this.
            bool stuck = block.timestamp >= job.terms.deadline && PANEL.enlistedCount(jobId) < JobRules.MIN_SEATS;
            if (!stuck) revert JobRounds_NotOver(jobId);
            _judgeHoldout(jobId, job, _rounds[jobId][job.round].facts, false);
            _finishRound(jobId, job, RoundOutcome.Failed);
            return _closeJob(jobId, job);
        }
        _requireWaiting(jobId);
        if (!_isEnding(job)) revert JobRounds_NotOver(jobId);
        _endJob(jobId, job);
    }

    // ---------------------------------------------------------------- the market

    /// @inheritdoc IJobRounds
    function post(
        uint256 jobId,
        address initiator,
        bytes32 modelDigest,
        Terms calldata terms
    ) external override onlyMarket {
        Job storage job = _jobs[jobId];
        job.initiator = initiator;
        job.modelDigest = modelDigest;
        job.terms = terms;
    }

    /// @inheritdoc IJobRounds
    function admit(uint256 jobId, address trainer, bytes32[] calldata invitation) external override onlyMarket {
        if (!isOpen(jobId)) revert JobRounds_WrongPhase(jobId, phaseAt(jobId, block.timestamp));
        Job storage job = _jobs[jobId];
        if (job.cancelled) revert JobRounds_NoMoreRounds(jobId);
        if (isParticipant(jobId, trainer) || PANEL.isEnlisted(jobId, trainer)) {
            revert JobRounds_RoleTaken(jobId, trainer);
        }
        if (!BOOK.isInvited(jobId, trainer, invitation)) revert JobRounds_NotInvited(jobId, trainer);

        Member storage member = _members[jobId][trainer];
        member.since = job.round + 1;
        member.number = job.joins;
        member.commitment = NOTHING_SEALED;
        ++job.joins;
        ++job.members;
        ++job.expected;
        // The trust book calls nobody but these rounds and the panel, to read.
        // slither-disable-next-line reentrancy-events
        if (job.terms.keepsTrust) TRUST.admit(jobId, trainer, job.round == 0);
        emit Joined(jobId, trainer, member.since, member.number);
    }

    /// @inheritdoc IJobRounds
    function dismiss(uint256 jobId, address trainer) external override onlyMarket returns (Departure) {
        Job storage job = _jobs[jobId];
        Member storage member = _requireMember(jobId, trainer);
        if (member.leaving != 0) revert JobRounds_Leaving(jobId, trainer);
        _finishEmptyRound(jobId, job);
        if (_isForfeited(jobId, job, member)) return _endMembership(jobId, trainer, Departure.Forfeited);
        if (member.lastCommitted > member.lastRevealed) revert JobRounds_MustReveal(jobId, trainer);

        if (_isRunning(jobId, job) && member.lastRevealed == job.round) {
            member.leaving = job.round;
            ++_rounds[jobId][job.round].facts.leaving;
            return Departure.Later;
        }
        if (_isExpected(job, member)) _expectNoLonger(jobId, job, member);
        --job.members;
        return _endMembership(jobId, trainer, Departure.Free);
    }

    /// @inheritdoc IJobRounds
    function release(uint256 jobId, address trainer) external override onlyMarket returns (Departure) {
        Job storage job = _jobs[jobId];
        Member storage member = _requireMember(jobId, trainer);
        if (_isForfeited(jobId, job, member)) return _endMembership(jobId, trainer, Departure.Forfeited);
        bool left = member.leaving != 0 && _rounds[jobId][member.leaving].facts.outcome != RoundOutcome.None;
        if (!left && !job.closed) revert JobRounds_BondHeld(jobId, trainer);
        return _endMembership(jobId, trainer, Departure.Free);
    }

    // ---------------------------------------------------------------- the panel

    /// @inheritdoc IJobRounds
    function recordSettlement(uint256 jobId, uint256 attempt, Settlement calldata settled) external override onlyPanel {
        Job storage job = _jobs[jobId];
        Round storage round = _rounds[jobId][job.round];
        bool confirming = round.facts.confirming;
        // Cast: 1 or 2.
        round.result.attempt = uint8(attempt);
        round.result.baseScore = settled.baseScore;
        round.result.score = settled.score;

        _confirm(jobId, job, settled.baseScore);
        // The market books what it is told, and calls no token.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        MARKET.earnValidators(jobId, job.round, attempt, settled.quality != 0);
        if (confirming) _requireModel(jobId, settled.digest, job.modelDigest);
        else _release(jobId, job, round, settled);
        _judgeHoldout(jobId, job, round.facts, settled.holdoutUnreadable);
        _finishRound(jobId, job, RoundOutcome.Settled);
        _goOn(jobId, job, confirming);
    }

    /// @inheritdoc IJobRounds
    function recordFailure(
        uint256 jobId,
        uint256 attempt,
        uint256 seats,
        uint256 revealed
    ) external override onlyPanel {
        Job storage job = _jobs[jobId];
        uint256 number = job.round;
        // The market books what it is told, and calls no token.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        MARKET.payRevealers(jobId, number, attempt, seats, revealed);
        if (attempt == 1) return;

        RoundFacts storage facts = _rounds[jobId][number].facts;
        _judgeHoldout(jobId, job, facts, false);
        _finishRound(jobId, job, RoundOutcome.Failed);
        if (facts.confirming) _closeJob(jobId, job);
        else _endJob(jobId, job);
    }

    // ---------------------------------------------------------------- jobs

    /// @dev After a settled round: the next one, or the end.
    function _goOn(uint256 jobId, Job storage job, bool confirmed) private {
        if (confirmed) _closeJob(jobId, job);
        else if (_isEnding(job)) _endJob(jobId, job);
        else if (_canOpen(jobId, job)) _openRound(jobId, job);
    }

    /// @dev Ends a job where no round runs: confirms first what was released and not yet paid.
    function _endJob(uint256 jobId, Job storage job) private {
        if (job.pendingRound != 0 && job.terms.priced) _openConfirmingRound(jobId, job);
        else _closeJob(jobId, job);
    }

    function _closeJob(uint256 jobId, Job storage job) private {
        job.closed = true;
        // The market credits the initiator, and calls no token.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        MARKET.refund(jobId, job.initiator);
    }

    /// @dev An initiator that does not open its holdout loses its bond; one whose holdout most seats could not read loses
    /// the job: no further round opens either way.
    function _judgeHoldout(uint256 jobId, Job storage job, RoundFacts storage facts, bool unreadable) private {
        if (!job.terms.sealedHoldout || facts.confirming) return;
        bool opened = facts.holdoutOpen;
        if (opened && !unreadable) return;
        job.cancelled = true;
        emit HoldoutFailed(jobId, job.round, opened);
        // The market books what it is told, and calls no token.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        if (!opened) MARKET.burnInitiatorBond(jobId);
    }

    function _isEnding(Job storage job) private view returns (bool) {
        Terms memory terms = job.terms;
        if (job.cancelled || job.round >= terms.rounds || block.timestamp >= terms.deadline) return true;
        return terms.targetScore != 0 && job.best >= terms.targetScore;
    }

    function _canOpen(uint256 jobId, Job storage job) private view returns (bool) {
        return job.members >= job.terms.minTrainers && PANEL.enlistedCount(jobId) >= job.terms.minValidators;
    }

    /// @dev Pays the round whose model this committee found: progress counts once two committees have attested it.
    function _confirm(uint256 jobId, Job storage job, uint16 baseScore) private {
        uint256 number = job.pendingRound;
        if (number == 0) return;
        uint16 confirmed = job.pendingScore < baseScore ? job.pendingScore : baseScore;
        uint16 best = job.best;
        job.pendingRound = 0;
        if (confirmed <= best || _rounds[jobId][number].result.totalWeight == 0) return;

        job.best = confirmed;
        emit ProgressConfirmed(jobId, number, confirmed);
        if (job.terms.priced) _earnTrainers(jobId, number, BOOK.earnedBetween(jobId, best, confirmed));
    }

    /// @dev Releases the next model. Who made it is paid now by the round or, where progress is priced, once the next
    /// committee has confirmed it.
    function _release(uint256 jobId, Job storage job, Round storage round, Settlement calldata settled) private {
        uint32 number = job.round;
        RoundResult storage result = round.result;
        uint32 version = ++job.modelVersion;
        job.modelDigest = settled.digest;
        result.modelVersion = version;
        result.modelDigest = settled.digest;
        emit ModelReleased(jobId, number, version, settled.digest, settled.baseScore, settled.score);

        // The trust book calls nobody but these rounds and the panel, to read.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        if (job.terms.keepsTrust) TRUST.grow(jobId, number, result.attempt);
        // Cast: 64 weights of at most 2^22 each, shared ones.
        result.totalWeight = uint32(_sum(PANEL.weightsOf(jobId, number, result.attempt, result.copies)));
        job.pendingRound = number;
        job.pendingScore = settled.score;
        if (!job.terms.priced) _earnTrainers(jobId, number, BOOK.trainersBudgetOf(jobId));
    }

    function _earnTrainers(uint256 jobId, uint256 number, uint256 amount) private {
        RoundResult storage result = _rounds[jobId][number].result;
        if (amount == 0 || result.totalWeight == 0) return;
        // The market books what it is told, and calls no token.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        MARKET.earnTrainers(jobId, number, result.attempt, amount);
    }

    function _requireModel(uint256 jobId, bytes32 actual, bytes32 expected) private pure {
        if (actual != expected) revert JobRounds_WrongModel(jobId, actual, expected);
    }

    function _sum(uint256[] memory weights) private pure returns (uint256 total) {
        for (uint256 j = 0; j < weights.length; ++j) total += weights[j];
    }

    // ---------------------------------------------------------------- members

    /// @dev Nobody waits for a member that leaves.
    function _expectNoLonger(uint256 jobId, Job storage job, Member storage member) private {
        RoundFacts memory facts = _factsAt(jobId, job.round, job.terms, block.timestamp);
        // The confirming round waits for nobody: whom the job expected it still expects.
        bool waiting = _isRunning(jobId, job) && !facts.confirming && member.since <= job.round;
        if (!waiting) {
            --job.expected;
            return;
        }
        --facts.expected;
        _closeTrainingIfComplete(facts, job.terms);
        _rounds[jobId][job.round].facts = facts;
    }

    function _endMembership(uint256 jobId, address trainer, Departure how) private returns (Departure) {
        Job storage job = _jobs[jobId];
        // The trust book calls nobody but these rounds and the panel, to read.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events,reentrancy-benign
        if (job.terms.keepsTrust) TRUST.dismiss(jobId, trainer, _isRunning(jobId, job));
        delete _members[jobId][trainer];
        emit Left(jobId, trainer, how == Departure.Forfeited);
        return how;
    }

    // ---------------------------------------------------------------- facts and checks

    function _requireWaiting(uint256 jobId) private returns (Job storage job) {
        Phase phase = phaseAt(jobId, block.timestamp);
        if (phase != Phase.Waiting) revert JobRounds_WrongPhase(jobId, phase);
        job = _jobs[jobId];
        _finishEmptyRound(jobId, job);
    }

    function _requireMember(uint256 jobId, address trainer) private view returns (Member storage member) {
        member = _members[jobId][trainer];
        if (member.since == 0) revert JobRounds_NotMember(jobId, trainer);
    }
}
