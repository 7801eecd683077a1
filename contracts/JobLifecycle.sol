// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommittees} from "./interfaces/ICommittees.sol";
import {IJobBook} from "./interfaces/IJobBook.sol";
import {IJobLifecycle} from "./interfaces/IJobLifecycle.sol";
import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {ITrainingMarket} from "./interfaces/ITrainingMarket.sol";
import {ITrainingRounds} from "./interfaces/ITrainingRounds.sol";
import {Clusters} from "./libraries/Clusters.sol";
import {JobRules} from "./libraries/JobRules.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {Job, JobTerms, RoundFacts, RoundOutcome, RoundResult, RoundTerms, Settlement} from "./types/JobTypes.sol";
import {Phase} from "./types/Phase.sol";

/// @title JobLifecycle
/// @notice The life of a job: when rounds open, which model they release, what progress counts, and how the job ends.
/// Holds no money.
/// @dev The rounds say who trains, the panel scores what they disclose, and the market pays what is earned here.
contract JobLifecycle is IJobLifecycle {
    /// @inheritdoc IJobLifecycle
    IJobBook public immutable override BOOK;
    /// @inheritdoc IJobLifecycle
    ITrainingMarket public immutable override MARKET;
    /// @inheritdoc IJobLifecycle
    ITrainingRounds public immutable override ROUNDS;
    /// @inheritdoc IJobLifecycle
    ICommittees public immutable override COMMITTEES;
    /// @inheritdoc IJobLifecycle
    IScoringPanel public immutable override PANEL;

    mapping(uint256 jobId => Job) private _jobs;
    mapping(uint256 jobId => mapping(uint256 round => RoundResult)) private _results;

    modifier onlyMarket() {
        if (msg.sender != address(MARKET)) revert JobLifecycle_NotMarket(msg.sender);
        _;
    }

    modifier onlyPanel() {
        if (msg.sender != address(PANEL)) revert JobLifecycle_NotPanel(msg.sender);
        _;
    }

    /// @param book Names this contract's address.
    constructor(IJobBook book) {
        book.requireNamed(address(book.LIFECYCLE()));
        BOOK = book;
        MARKET = book.MARKET();
        ROUNDS = book.ROUNDS();
        COMMITTEES = book.COMMITTEES();
        PANEL = book.PANEL();
    }

    // ---------------------------------------------------------------- initiator

    /// @inheritdoc IJobLifecycle
    function cancelJob(uint256 jobId) external override {
        Job storage job = _jobs[jobId];
        if (msg.sender != job.initiator) revert JobLifecycle_NotInitiator(jobId, msg.sender);
        if (job.closed || job.cancelled) revert JobLifecycle_WrongPhase(jobId, phaseAt(jobId, block.timestamp));

        job.cancelled = true;
        emit JobCancelled(jobId);
        // The rounds call trust book and book of jobs, which call no token; number and members do not matter here.
        // slither-disable-next-line unused-return,reentrancy-no-eth
        (, , Phase phase) = ROUNDS.finishEmptyRound(jobId);
        // Market, rounds and committees book what they are told, and call no token.
        // slither-disable-next-line reentrancy-no-eth
        if (phase == Phase.Waiting) _endJob(jobId, job);
    }

    // ---------------------------------------------------------------- anyone

    /// @inheritdoc IJobLifecycle
    function openRound(uint256 jobId) external override {
        (Job storage job, uint256 round, uint256 members) = _requireWaiting(jobId);
        if (_isEnding(job, round)) revert JobLifecycle_NoMoreRounds(jobId);
        if (_isOverdue(jobId, job)) return ROUNDS.openConfirming(jobId);
        if (!_canOpen(jobId, job, members)) revert JobLifecycle_TooFew(jobId);
        _open(jobId);
    }

    /// @inheritdoc IJobLifecycle
    function closeJob(uint256 jobId) external override {
        if (phaseAt(jobId, block.timestamp) == Phase.Draw) return _closeUndrawn(jobId);
        (Job storage job, uint256 round, ) = _requireWaiting(jobId);
        if (!_isEnding(job, round)) revert JobLifecycle_NotOver(jobId);
        _endJob(jobId, job);
    }

    /// @inheritdoc IJobLifecycle
    function openHoldout(uint256 jobId, bytes32 key, bytes32[] calldata proof) external override {
        BOOK.openShard(jobId, ROUNDS.openHoldout(jobId), key, proof);
    }

    // ---------------------------------------------------------------- the market

    /// @inheritdoc IJobLifecycle
    function post(
        uint256 jobId,
        address initiator,
        bytes32 modelDigest,
        JobTerms calldata terms,
        RoundTerms calldata roundTerms
    ) external override onlyMarket {
        Job storage job = _jobs[jobId];
        job.initiator = initiator;
        job.modelDigest = modelDigest;
        job.terms = terms;
        ROUNDS.post(jobId, roundTerms);
    }

    // ---------------------------------------------------------------- the panel

    /// @inheritdoc IJobLifecycle
    function recordSettlement(uint256 jobId, uint256 attempt, Settlement calldata settled) external override onlyPanel {
        Job storage job = _jobs[jobId];
        (uint256 number, RoundFacts memory facts) = ROUNDS.running(jobId);
        RoundResult storage result = _results[jobId][number];
        // Cast: 1 or 2.
        result.attempt = uint8(attempt);
        result.baseScore = settled.baseScore;
        result.score = settled.score;

        // Market, rounds and committees book what they are told, and call no token.
        // slither-disable-next-line reentrancy-no-eth
        _confirm(jobId, job, settled.baseScore);
        // The market books what it is told, and calls no token.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        MARKET.earnValidators(jobId, number, attempt, settled.quality != 0);
        if (!facts.confirming) {
            _release(jobId, job, number, settled);
            _judgeHoldout(jobId, job, number, facts, settled.holdoutUnreadable);
        }
        // The rounds call trust book and book of jobs, which call no token.
        // slither-disable-next-line reentrancy-no-eth
        uint256 members = ROUNDS.finish(jobId, RoundOutcome.Settled, attempt);
        if (_isEnding(job, number)) _endJob(jobId, job);
        else if (_canOpen(jobId, job, members)) _open(jobId);
    }

    /// @inheritdoc IJobLifecycle
    function recordFailure(
        uint256 jobId,
        uint256 attempt,
        uint256 seats,
        uint256 revealed
    ) external override onlyPanel {
        Job storage job = _jobs[jobId];
        (uint256 number, RoundFacts memory facts) = ROUNDS.running(jobId);
        // The market books what it is told, and calls no token.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        MARKET.payRevealers(jobId, number, attempt, seats, revealed);
        if (attempt == 1) return;

        // Market, rounds and committees book what they are told, and call no token.
        // slither-disable-next-line reentrancy-no-eth
        if (facts.confirming) _confirm(jobId, job, job.pendingScore);
        // Market, rounds and committees book what they are told, and call no token.
        // slither-disable-next-line reentrancy-no-eth
        if (!facts.confirming) _judgeHoldout(jobId, job, number, facts, false);
        // The rounds call trust book and book of jobs, which call no token; no round opens after this.
        // slither-disable-next-line unused-return,reentrancy-no-eth
        ROUNDS.finish(jobId, RoundOutcome.Failed, attempt);
        _endJob(jobId, job);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IJobLifecycle
    function phaseAt(uint256 jobId, uint256 time) public view override returns (Phase) {
        Job storage job = _jobs[jobId];
        if (job.initiator == address(0)) return Phase.None;
        return job.closed ? Phase.Closed : ROUNDS.phaseAt(jobId, time);
    }

    /// @inheritdoc IJobLifecycle
    function jobOf(uint256 jobId) external view override returns (Job memory) {
        return _jobs[jobId];
    }

    /// @inheritdoc IJobLifecycle
    function resultOf(uint256 jobId, uint256 round) external view override returns (RoundResult memory) {
        return _results[jobId][round];
    }

    /// @inheritdoc IJobLifecycle
    function weightsOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt
    ) public view override returns (uint256[] memory weights) {
        int16[] memory consensus = PANEL.consensusOf(jobId, round, attempt);
        uint64 copies = ROUNDS.copiesOf(jobId, round);
        (Payouts.WeightRule memory rule, bool clusters) = BOOK.weightRuleOf(jobId);
        weights = new uint256[](consensus.length);
        for (uint256 j = 0; j < weights.length; ++j) {
            if ((copies >> j) & 1 == 0) weights[j] = Payouts.weightOf(consensus[j], rule);
        }
        if (clusters) Clusters.share(weights, PANEL.labelsOf(jobId, round, attempt));
    }

    /// @inheritdoc IJobLifecycle
    function isOpen(uint256 jobId) public view override returns (bool) {
        Job storage job = _jobs[jobId];
        return job.initiator != address(0) && !job.closed;
    }

    /// @inheritdoc IJobLifecycle
    function isParticipant(uint256 jobId, address account) external view override returns (bool) {
        return account == _jobs[jobId].initiator || ROUNDS.hasJoined(jobId, account);
    }

    /// @inheritdoc IJobLifecycle
    function awaitsConfirmation(uint256 jobId) public view override returns (bool) {
        return _jobs[jobId].terms.priced && _jobs[jobId].pendingRound != 0;
    }

    /// @inheritdoc IJobLifecycle
    function requireJoinable(uint256 jobId) external view override returns (address initiator) {
        if (!isOpen(jobId)) revert JobLifecycle_WrongPhase(jobId, phaseAt(jobId, block.timestamp));
        if (_jobs[jobId].cancelled) revert JobLifecycle_NoMoreRounds(jobId);
        return _jobs[jobId].initiator;
    }

    // ---------------------------------------------------------------- the end

    /// @dev Nobody came to score, for as long as a round lasts: what was released is paid as it was attested.
    function _closeUndrawn(uint256 jobId) private {
        Job storage job = _jobs[jobId];
        (uint256 number, RoundFacts memory facts) = ROUNDS.running(jobId);
        uint256 since = PANEL.dueSince(jobId, number);
        if (since == 0) since = facts.confirming ? facts.trainingStart : facts.disclosureEnd;
        bool stuck = block.timestamp >= since + BOOK.graceOf(jobId);
        if (!stuck || COMMITTEES.drawableCount(jobId) >= JobRules.MIN_SEATS) revert JobLifecycle_NotOver(jobId);

        if (!facts.confirming) _judgeHoldout(jobId, job, number, facts, false);
        _confirm(jobId, job, job.pendingScore);
        // The rounds call trust book and book of jobs, which call no token; no round opens after this.
        // slither-disable-next-line unused-return,reentrancy-no-eth
        ROUNDS.finish(jobId, RoundOutcome.Failed, 0);
        _closeJob(jobId, job);
    }

    /// @dev Ends a job where no round runs: confirms first what was released and not yet paid.
    function _endJob(uint256 jobId, Job storage job) private {
        // The rounds call nobody for it.
        // slither-disable-next-line reentrancy-no-eth
        if (awaitsConfirmation(jobId)) ROUNDS.openConfirming(jobId);
        else _closeJob(jobId, job);
    }

    function _open(uint256 jobId) private {
        ROUNDS.open(jobId);
        COMMITTEES.fixList(jobId);
        if (_jobs[jobId].terms.sealedHoldout) BOOK.drawPublicShard(jobId);
    }

    function _closeJob(uint256 jobId, Job storage job) private {
        job.closed = true;
        // The market credits the initiator, and calls no token.
        // slither-disable-next-line reentrancy-no-eth
        MARKET.refund(jobId, job.initiator);
    }

    /// @dev An initiator that does not open its holdout loses its bond; one whose holdout most seats could not read
    /// loses the job: no further round opens either way. Nothing follows where the chain may have stood still.
    function _judgeHoldout(
        uint256 jobId,
        Job storage job,
        uint256 round,
        RoundFacts memory facts,
        bool unreadable
    ) private {
        bool failed = facts.holdoutOpen ? unreadable : facts.openingWitnessed;
        if (!job.terms.sealedHoldout || !failed) return;
        job.cancelled = true;
        emit HoldoutFailed(jobId, round, facts.holdoutOpen);
        // The market books what it is told, and calls no token.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        if (!facts.holdoutOpen) MARKET.burnInitiatorBond(jobId);
    }

    function _isEnding(Job storage job, uint256 round) private view returns (bool) {
        JobTerms memory terms = job.terms;
        if (job.cancelled || round >= terms.rounds || block.timestamp >= terms.deadline) return true;
        return terms.targetScore != 0 && job.best >= terms.targetScore;
    }

    /// @dev A release waits for its confirmation as long as a round lasts, and no round runs that would bring it.
    function _isOverdue(uint256 jobId, Job storage job) private view returns (bool) {
        return awaitsConfirmation(jobId) && block.timestamp >= job.releasedAt + BOOK.graceOf(jobId);
    }

    function _canOpen(uint256 jobId, Job storage job, uint256 members) private view returns (bool) {
        return members >= job.terms.minTrainers && COMMITTEES.enlistedCount(jobId) >= job.terms.minValidators;
    }

    // ---------------------------------------------------------------- progress

    /// @dev Pays the round whose model this committee checked: progress counts once two committees have attested it, or
    /// once no second one came to.
    function _confirm(uint256 jobId, Job storage job, uint16 baseScore) private {
        uint256 number = job.pendingRound;
        if (number == 0) return;
        uint16 confirmed = job.pendingScore < baseScore ? job.pendingScore : baseScore;
        uint16 best = job.best;
        job.pendingRound = 0;
        if (confirmed <= best || _results[jobId][number].totalWeight == 0) return;

        job.best = confirmed;
        emit ProgressConfirmed(jobId, number, confirmed);
        if (job.terms.priced) _earnTrainers(jobId, number, BOOK.earnedBetween(jobId, best, confirmed));
    }

    /// @dev Releases the next model. Who made it is paid now by the round or, where progress is priced, once the next
    /// committee has confirmed it.
    function _release(uint256 jobId, Job storage job, uint256 number, Settlement calldata settled) private {
        uint32 version = ++job.modelVersion;
        job.modelDigest = settled.digest;
        job.releasedAt = uint40(block.timestamp);
        emit ModelReleased(jobId, number, version, settled.digest, settled.baseScore, settled.score);

        RoundResult storage result = _results[jobId][number];
        result.modelVersion = version;
        result.modelDigest = settled.digest;
        // Cast: 64 weights of at most 2^22 each, shared ones.
        result.totalWeight = uint32(_sum(weightsOf(jobId, number, result.attempt)));
        // Cast: at most 10,000 rounds.
        job.pendingRound = uint16(number);
        job.pendingScore = settled.score;
        if (!job.terms.priced) _earnTrainers(jobId, number, BOOK.trainersBudgetOf(jobId));
    }

    function _earnTrainers(uint256 jobId, uint256 number, uint256 amount) private {
        RoundResult storage result = _results[jobId][number];
        if (amount == 0 || result.totalWeight == 0) return;
        // The market books what it is told, and calls no token.
        // slither-disable-next-line reentrancy-no-eth,reentrancy-events
        MARKET.earnTrainers(jobId, number, result.attempt, amount);
    }

    function _sum(uint256[] memory weights) private pure returns (uint256 total) {
        for (uint256 j = 0; j < weights.length; ++j) total += weights[j];
    }

    // ---------------------------------------------------------------- checks

    function _requireWaiting(uint256 jobId) private returns (Job storage job, uint256 round, uint256 members) {
        job = _jobs[jobId];
        if (!isOpen(jobId)) revert JobLifecycle_WrongPhase(jobId, phaseAt(jobId, block.timestamp));
        Phase phase;
        // The rounds call trust book and book of jobs, which call no token.
        // slither-disable-next-line reentrancy-no-eth
        (round, members, phase) = ROUNDS.finishEmptyRound(jobId);
        if (phase != Phase.Waiting) revert JobLifecycle_WrongPhase(jobId, phaseAt(jobId, block.timestamp));
    }
}
