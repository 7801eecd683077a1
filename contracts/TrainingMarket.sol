// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ledger} from "./Ledger.sol";
import {ScoringPanel} from "./ScoringPanel.sol";
import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {IStakeRegistry} from "./interfaces/IStakeRegistry.sol";
import {ITrainingMarket} from "./interfaces/ITrainingMarket.sol";
import {Commitments} from "./libraries/Commitments.sol";
import {JobRules} from "./libraries/JobRules.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {Phases} from "./libraries/Phases.sol";
import {AttemptPay, Job, JobParams, Member, RoundFacts, RoundOutcome, RoundResult, Update} from "./types/JobTypes.sol";
import {Phase} from "./types/Phase.sol";

/// @title TrainingMarket
/// @notice Jobs, members, bonds, rounds and updates, pay.
/// @dev Money of a job stands in three pots: its reward not yet earned, what was earned and waits to be credited, and its
/// bonds. Deploying this contract deploys the panel and the registry; nothing is owned, wired or upgraded afterwards.
contract TrainingMarket is Ledger, ITrainingMarket {
    /// @dev A round's record.
    struct Round {
        RoundFacts facts;
        RoundResult result;
        Update[] updates;
        mapping(address trainer => bytes32) commitments;
        /// Place after which an update with this digest stands in `updates`; 0 for none.
        mapping(bytes32 digest => uint256) placeOf;
        mapping(uint256 attempt => AttemptPay) pay;
    }

    /// @notice Scores the rounds.
    IScoringPanel public immutable PANEL;
    /// @notice Holds the validators' stake.
    IStakeRegistry public immutable REGISTRY;

    /// @inheritdoc ITrainingMarket
    uint256 public override jobCount;

    mapping(uint256 jobId => JobParams) private _params;
    mapping(uint256 jobId => Job) private _jobs;
    mapping(uint256 jobId => mapping(uint256 round => Round)) private _rounds;
    mapping(uint256 jobId => mapping(address trainer => Member)) private _members;

    modifier onlyPanel() {
        if (msg.sender != address(PANEL)) revert TrainingMarket_NotPanel(msg.sender);
        _;
    }

    /// @param thawPeriod How long validators' stake thaws, in seconds.
    constructor(uint256 thawPeriod) {
        ScoringPanel panel = new ScoringPanel(thawPeriod);
        PANEL = panel;
        REGISTRY = panel.REGISTRY();
    }

    // ---------------------------------------------------------------- initiator

    /// @inheritdoc ITrainingMarket
    function postJob(JobParams calldata params) external override returns (uint256 jobId) {
        jobId = ++jobCount;
        _params[jobId] = params;
        Job storage job = _jobs[jobId];
        job.initiator = msg.sender;
        job.modelDigest = params.modelDigest;
        PANEL.register(jobId, params);
        emit JobPosted(jobId, msg.sender, params.token, params.reward, params.specDigest, params.modelDigest);

        _deposit(params.token, _rewardPot(jobId), msg.sender, params.reward);
    }

    /// @inheritdoc ITrainingMarket
    function cancelJob(uint256 jobId) external override {
        Job storage job = _jobs[jobId];
        if (msg.sender != job.initiator) revert TrainingMarket_NotInitiator(jobId, msg.sender);
        Phase phase = phaseAt(jobId, block.timestamp);
        if (phase == Phase.Closed || job.cancelled) revert TrainingMarket_WrongPhase(jobId, phase);

        job.cancelled = true;
        emit JobCancelled(jobId);
        if (phase == Phase.Waiting) {
            _finishEmptyRound(jobId, job);
            _endJob(jobId, job);
        }
    }

    // ---------------------------------------------------------------- trainers

    /// @inheritdoc ITrainingMarket
    function joinJob(uint256 jobId) external override {
        Job storage job = _requireOpen(jobId);
        if (job.cancelled) revert TrainingMarket_NoMoreRounds(jobId);
        if (isParticipant(jobId, msg.sender) || PANEL.isEnlisted(jobId, msg.sender)) {
            revert TrainingMarket_RoleTaken(jobId, msg.sender);
        }

        Member storage member = _members[jobId][msg.sender];
        member.since = job.round + 1;
        member.number = job.joins;
        ++job.joins;
        ++job.members;
        ++job.expected;
        PANEL.admit(jobId, msg.sender, job.round == 0);
        emit Joined(jobId, msg.sender, member.since, member.number);

        JobParams storage params = _params[jobId];
        _deposit(params.token, _bondPot(jobId), msg.sender, params.bond);
    }

    /// @inheritdoc ITrainingMarket
    function leaveJob(uint256 jobId) external override {
        Job storage job = _jobs[jobId];
        Member storage member = _requireMember(jobId, msg.sender);
        if (member.leaving != 0) revert TrainingMarket_Leaving(jobId, msg.sender);
        _finishEmptyRound(jobId, job);
        if (_isForfeited(jobId, job, member)) return _endMembership(jobId, msg.sender, true);
        if (member.lastCommitted > member.lastRevealed) revert TrainingMarket_MustReveal(jobId, msg.sender);

        RoundFacts storage facts = _rounds[jobId][job.round].facts;
        bool running = _isRunning(jobId, job);
        if (running && member.lastRevealed == job.round) {
            member.leaving = job.round;
            ++facts.leaving;
            return;
        }
        if (_isExpected(job, member)) {
            // The confirming round waits for nobody: whom the job expected it still expects.
            if (running && !facts.confirming && member.since <= job.round) {
                --facts.expected;
                _closeTrainingIfComplete(jobId, facts);
            } else {
                --job.expected;
            }
        }
        _endMembership(jobId, msg.sender, false);
    }

    /// @inheritdoc ITrainingMarket
    function commitUpdate(uint256 jobId, bytes32 commitment) external override {
        Job storage job = _jobs[jobId];
        uint32 number = job.round;
        Round storage round = _requireRoundPhase(jobId, number, Phase.Training);
        if (commitment == 0) revert TrainingMarket_ZeroDigest();
        Member storage member = _members[jobId][msg.sender];
        _requireActive(jobId, number, member);

        RoundFacts storage facts = round.facts;
        if (member.lastCommitted != number) {
            if (facts.committed == _params[jobId].maxUpdates) {
                revert TrainingMarket_RoundFull(jobId, facts.committed);
            }
            if (_isExpected(job, member)) ++facts.expectedCommitted;
            ++facts.committed;
            member.lastCommitted = number;
        }
        member.order = facts.orders;
        ++facts.orders;
        round.commitments[msg.sender] = commitment;
        _closeTrainingIfComplete(jobId, facts);
        emit UpdateCommitted(jobId, number, msg.sender, commitment);
    }

    /// @inheritdoc ITrainingMarket
    function revealUpdate(uint256 jobId, bytes32 digest, bytes32 salt) external override {
        uint32 number = _jobs[jobId].round;
        Round storage round = _requireRoundPhase(jobId, number, Phase.Disclosure);
        if (digest == 0) revert TrainingMarket_ZeroDigest();
        bytes32 expected = round.commitments[msg.sender];
        bytes32 actual = Commitments.ofUpdate(jobId, number, msg.sender, digest, salt);
        if (actual != expected) revert TrainingMarket_CommitmentMismatch(jobId, msg.sender, actual, expected);

        delete round.commitments[msg.sender];
        Member storage member = _members[jobId][msg.sender];
        member.lastRevealed = number;
        uint256 index = round.updates.length;
        round.updates.push(Update({trainer: msg.sender, order: member.order, digest: digest}));
        _markCopy(round, digest, index);
        RoundFacts storage facts = round.facts;
        ++facts.revealed;
        if (facts.revealed == facts.committed) facts.disclosureEnd = uint40(block.timestamp);
        emit UpdateRevealed(jobId, number, msg.sender, index, digest);
    }

    // ---------------------------------------------------------------- anyone

    /// @inheritdoc ITrainingMarket
    function openRound(uint256 jobId) external override {
        Job storage job = _requireWaiting(jobId);
        if (_isEnding(jobId, job)) revert TrainingMarket_NoMoreRounds(jobId);
        if (!_canOpen(jobId, job)) revert TrainingMarket_TooFew(jobId);
        _openRound(jobId, job);
    }

    /// @inheritdoc ITrainingMarket
    function closeJob(uint256 jobId) external override {
        Job storage job = _jobs[jobId];
        if (phaseAt(jobId, block.timestamp) == Phase.Draw) {
            // Nobody is left to score: only the deadline ends this.
            bool stuck = block.timestamp >= _params[jobId].deadline && PANEL.enlistedCount(jobId) < JobRules.MIN_SEATS;
            if (!stuck) revert TrainingMarket_NotOver(jobId);
            _finishRound(jobId, job, RoundOutcome.Failed);
            return _closeJob(jobId, job);
        }
        _requireWaiting(jobId);
        if (!_isEnding(jobId, job)) revert TrainingMarket_NotOver(jobId);
        _endJob(jobId, job);
    }

    /// @inheritdoc ITrainingMarket
    function releaseBond(uint256 jobId, address trainer) external override {
        Job storage job = _jobs[jobId];
        Member storage member = _requireMember(jobId, trainer);
        if (_isForfeited(jobId, job, member)) return _endMembership(jobId, trainer, true);
        bool left = member.leaving != 0 && _rounds[jobId][member.leaving].facts.outcome != RoundOutcome.None;
        if (!left && !job.closed) revert TrainingMarket_BondHeld(jobId, trainer);
        _endMembership(jobId, trainer, false);
    }

    /// @inheritdoc ITrainingMarket
    function creditTrainers(uint256 jobId, uint256 number, uint64 updates) external override {
        Round storage round = _rounds[jobId][number];
        RoundResult storage result = round.result;
        uint256 due = updates & ~result.credited;
        result.credited |= updates;
        if (result.trainerPay == 0) revert TrainingMarket_NothingEarned(jobId, number);

        uint256[] memory weights = _weightsOf(jobId, number, result.attempt, result.copies);
        address token = _params[jobId].token;
        uint256 upTo = 0;
        for (uint256 j = 0; j < weights.length; ++j) {
            uint256 before = upTo;
            upTo += weights[j];
            if ((due >> j) & 1 == 0) continue;
            address trainer = round.updates[j].trainer;
            uint256 amount = Payouts.shareOf(result.trainerPay, before, upTo, result.totalWeight);
            _credit(token, _earnedPot(jobId), trainer, amount);
            emit UpdatePaid(jobId, number, trainer, j, amount);
        }
    }

    /// @inheritdoc ITrainingMarket
    function creditValidators(uint256 jobId, uint256 number, uint256 attempt, uint32 seats) external override {
        AttemptPay storage pay = _rounds[jobId][number].pay[attempt];
        uint256 due = seats & ~pay.credited;
        pay.credited |= seats;
        if (pay.quality + pay.attestation == 0) revert TrainingMarket_NothingEarned(jobId, number);

        (address[] memory validators, uint256[] memory amounts) = PANEL.sharesOf(
            jobId,
            number,
            attempt,
            pay.quality,
            pay.attestation
        );
        address token = _params[jobId].token;
        for (uint256 i = 0; i < validators.length; ++i) {
            if ((due >> i) & 1 == 0) continue;
            _credit(token, _earnedPot(jobId), validators[i], amounts[i]);
            emit SeatPaid(jobId, number, validators[i], attempt, i, amounts[i]);
        }
    }

    // ---------------------------------------------------------------- the panel

    /// @inheritdoc ITrainingMarket
    function recordSettlement(
        uint256 jobId,
        uint256 attempt,
        bytes32 digest,
        uint16 baseScore,
        uint16 score,
        uint256 quality
    ) external override onlyPanel {
        Job storage job = _jobs[jobId];
        uint256 number = job.round;
        Round storage round = _rounds[jobId][number];
        RoundResult storage result = round.result;
        result.attempt = uint8(attempt);
        result.baseScore = baseScore;
        result.score = score;

        _confirm(jobId, job, baseScore);
        _earnValidators(jobId, number, attempt, quality);
        if (round.facts.confirming) {
            if (digest != job.modelDigest) revert TrainingMarket_WrongModel(jobId, digest, job.modelDigest);
        } else {
            _release(jobId, job, result, digest, score);
            _weigh(jobId, number, result);
            job.pendingRound = uint32(number);
            job.pendingScore = score;
            if (_params[jobId].milestones.length == 0) _earnTrainers(jobId, number, _roundBudget(jobId));
        }
        _finishRound(jobId, job, RoundOutcome.Settled);
        _goOn(jobId, job, round.facts.confirming);
    }

    /// @inheritdoc ITrainingMarket
    function recordFailure(
        uint256 jobId,
        uint256 attempt,
        uint256 seats,
        uint256 revealed
    ) external override onlyPanel {
        Job storage job = _jobs[jobId];
        uint256 number = job.round;
        _earn(jobId, number, attempt, revealed * (_validatorBudget(jobId) / (2 * seats)), 0);
        if (attempt == 1) return;

        bool confirming = _rounds[jobId][number].facts.confirming;
        _finishRound(jobId, job, RoundOutcome.Failed);
        if (confirming) _closeJob(jobId, job);
        else _endJob(jobId, job);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc ITrainingMarket
    function phaseAt(uint256 jobId, uint256 time) public view override returns (Phase) {
        Job storage job = _jobs[jobId];
        if (job.initiator == address(0)) return Phase.None;
        if (job.closed) return Phase.Closed;
        if (job.round == 0) return Phase.Waiting;
        Phase phase = Phases.ofRound(_rounds[jobId][job.round].facts, time);
        return phase == Phase.Draw ? PANEL.phaseAt(jobId, job.round, time) : phase;
    }

    /// @inheritdoc ITrainingMarket
    function paramsOf(uint256 jobId) external view override returns (JobParams memory) {
        return _params[jobId];
    }

    /// @inheritdoc ITrainingMarket
    function jobOf(uint256 jobId) external view override returns (Job memory) {
        return _jobs[jobId];
    }

    /// @inheritdoc ITrainingMarket
    function roundOf(
        uint256 jobId,
        uint256 number
    ) external view override returns (RoundFacts memory, RoundResult memory) {
        Round storage round = _rounds[jobId][number];
        return (round.facts, round.result);
    }

    /// @inheritdoc ITrainingMarket
    function updatesOf(
        uint256 jobId,
        uint256 number
    ) external view override returns (Update[] memory updates, uint64 copies) {
        Round storage round = _rounds[jobId][number];
        return (round.updates, round.result.copies);
    }

    /// @inheritdoc ITrainingMarket
    function attemptPayOf(
        uint256 jobId,
        uint256 number,
        uint256 attempt
    ) external view override returns (AttemptPay memory) {
        return _rounds[jobId][number].pay[attempt];
    }

    /// @inheritdoc ITrainingMarket
    function memberOf(uint256 jobId, address trainer) external view override returns (Member memory) {
        return _members[jobId][trainer];
    }

    /// @inheritdoc ITrainingMarket
    function isParticipant(uint256 jobId, address account) public view override returns (bool) {
        return account == _jobs[jobId].initiator || _members[jobId][account].since != 0;
    }

    /// @inheritdoc ITrainingMarket
    function disclosed(uint256 jobId) external view override returns (uint256 number, uint256 updates) {
        number = _jobs[jobId].round;
        Round storage round = _requireRoundPhase(jobId, uint32(number), Phase.Draw);
        updates = round.updates.length;
    }

    /// @inheritdoc ITrainingMarket
    function isOpen(uint256 jobId) public view override returns (bool) {
        Job storage job = _jobs[jobId];
        return job.initiator != address(0) && !job.closed;
    }

    // ---------------------------------------------------------------- rounds

    function _openRound(uint256 jobId, Job storage job) private {
        uint32 number = ++job.round;
        JobParams storage params = _params[jobId];
        RoundFacts storage facts = _rounds[jobId][number].facts;
        facts.trainingStart = uint40(block.timestamp);
        facts.trainingEnd = uint40(block.timestamp + params.trainingPeriod);
        facts.disclosureEnd = facts.trainingEnd + params.disclosurePeriod;
        facts.expected = job.expected;
        job.expected = 0;
        emit RoundOpened(jobId, number, false, facts.trainingEnd);
    }

    /// @dev The last round: no Training; one more committee attests the score of the released model.
    function _openConfirmingRound(uint256 jobId, Job storage job) private {
        uint32 number = ++job.round;
        RoundFacts storage facts = _rounds[jobId][number].facts;
        facts.trainingStart = uint40(block.timestamp);
        facts.confirming = true;
        emit RoundOpened(jobId, number, true, block.timestamp);
    }

    function _closeTrainingIfComplete(uint256 jobId, RoundFacts storage facts) private {
        JobParams storage params = _params[jobId];
        uint256 end = Phases.trainingEndAfterCommit(facts, params.minTraining, block.timestamp);
        if (end == facts.trainingEnd) return;
        facts.closedEarly = true;
        facts.trainingEnd = uint40(end);
        facts.disclosureEnd = uint40(end + params.disclosurePeriod);
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

    /// @dev A round in which nobody disclosed anything ends by itself; this writes it down.
    function _finishEmptyRound(uint256 jobId, Job storage job) private {
        if (job.round == 0) return;
        RoundFacts storage facts = _rounds[jobId][job.round].facts;
        if (facts.outcome != RoundOutcome.None) return;
        if (Phases.ofRound(facts, block.timestamp) == Phase.Waiting) _finishRound(jobId, job, RoundOutcome.Empty);
    }

    function _finishRound(uint256 jobId, Job storage job, RoundOutcome outcome) private {
        uint32 number = job.round;
        RoundFacts storage facts = _rounds[jobId][number].facts;
        facts.outcome = outcome;
        if (!facts.confirming) {
            job.expected += facts.revealed - facts.leaving;
            if (!facts.closedEarly) job.lastFullRound = number;
        }
        emit RoundEnded(jobId, number, outcome);
    }

    /// @dev After a settled round: the next one, or the end.
    function _goOn(uint256 jobId, Job storage job, bool confirmed) private {
        if (confirmed) _closeJob(jobId, job);
        else if (_isEnding(jobId, job)) _endJob(jobId, job);
        else if (_canOpen(jobId, job)) _openRound(jobId, job);
    }

    /// @dev Ends a job where no round runs: confirms first what was released and not yet paid.
    function _endJob(uint256 jobId, Job storage job) private {
        bool unconfirmed = job.pendingRound != 0 && _params[jobId].milestones.length != 0;
        if (unconfirmed) _openConfirmingRound(jobId, job);
        else _closeJob(jobId, job);
    }

    function _closeJob(uint256 jobId, Job storage job) private {
        job.closed = true;
        address token = _params[jobId].token;
        uint256 rest = _balanceOf(token, _rewardPot(jobId));
        _credit(token, _rewardPot(jobId), job.initiator, rest);
        emit JobClosed(jobId, rest);
    }

    function _isRunning(uint256 jobId, Job storage job) private view returns (bool) {
        return job.round != 0 && _rounds[jobId][job.round].facts.outcome == RoundOutcome.None;
    }

    function _isEnding(uint256 jobId, Job storage job) private view returns (bool) {
        JobParams storage params = _params[jobId];
        if (job.cancelled || job.round >= params.rounds || block.timestamp >= params.deadline) return true;
        return params.targetScore != 0 && job.best >= params.targetScore;
    }

    function _canOpen(uint256 jobId, Job storage job) private view returns (bool) {
        JobParams storage params = _params[jobId];
        return job.members >= params.minTrainers && PANEL.enlistedCount(jobId) >= params.minValidators;
    }

    // ---------------------------------------------------------------- members

    /// @dev Expected are members who missed no round that ran to its deadline since they last committed or joined.
    function _isExpected(Job storage job, Member storage member) private view returns (bool) {
        return member.lastCommitted >= job.lastFullRound || member.since > job.lastFullRound;
    }

    /// @dev A commitment that was not disclosed in time.
    function _isForfeited(uint256 jobId, Job storage job, Member storage member) private view returns (bool) {
        if (member.lastCommitted <= member.lastRevealed) return false;
        if (member.lastCommitted < job.round) return true;
        return block.timestamp >= _rounds[jobId][member.lastCommitted].facts.disclosureEnd;
    }

    function _endMembership(uint256 jobId, address trainer, bool forfeited) private {
        PANEL.dismiss(jobId, trainer, _isRunning(jobId, _jobs[jobId]));
        delete _members[jobId][trainer];
        --_jobs[jobId].members;
        emit Left(jobId, trainer, forfeited);

        JobParams storage params = _params[jobId];
        if (forfeited) _burn(params.token, _bondPot(jobId), params.bond);
        else _credit(params.token, _bondPot(jobId), trainer, params.bond);
    }

    // ---------------------------------------------------------------- pay

    /// @dev Weighs a settled round's updates.
    function _weigh(uint256 jobId, uint256 number, RoundResult storage result) private {
        uint256[] memory weights = _weightsOf(jobId, number, result.attempt, result.copies);
        uint256 total = 0;
        for (uint256 j = 0; j < weights.length; ++j) total += weights[j];
        // Cast: 64 weights of at most 2^15 each.
        result.totalWeight = uint32(total);
    }

    function _release(
        uint256 jobId,
        Job storage job,
        RoundResult storage result,
        bytes32 digest,
        uint16 score
    ) private {
        uint32 version = ++job.modelVersion;
        job.modelDigest = digest;
        result.modelVersion = version;
        result.modelDigest = digest;
        emit ModelReleased(jobId, job.round, version, digest, result.baseScore, score);
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
        JobParams memory params = _params[jobId];
        if (params.milestones.length == 0) return;
        uint256 reward = _trainersReward(jobId);
        uint256 earned =
            Payouts.earnedAt(params.milestones, reward, confirmed, params.margin) -
                Payouts.earnedAt(params.milestones, reward, best, params.margin);
        _earnTrainers(jobId, number, earned);
    }

    function _earnTrainers(uint256 jobId, uint256 number, uint256 amount) private {
        RoundResult storage result = _rounds[jobId][number].result;
        if (amount == 0 || result.totalWeight == 0) return;
        // Cast: a part of the reward, which has 128 bits.
        result.trainerPay = uint128(amount);
        _move(_params[jobId].token, _rewardPot(jobId), _earnedPot(jobId), amount);
        emit TrainersEarned(jobId, number, amount);
    }

    /// @dev Three quarters for quality, one for attestation; an earlier failed attempt was paid out of the same budget.
    function _earnValidators(uint256 jobId, uint256 number, uint256 attempt, uint256 quality) private {
        uint256 budget = _validatorBudget(jobId);
        if (attempt == 2) budget -= _rounds[jobId][number].pay[1].quality;
        uint256 forAttestation = budget / 4;
        _earn(jobId, number, attempt, quality == 0 ? 0 : budget - forAttestation, forAttestation);
    }

    function _earn(uint256 jobId, uint256 number, uint256 attempt, uint256 quality, uint256 attestation) private {
        AttemptPay storage pay = _rounds[jobId][number].pay[attempt];
        // Casts: parts of the reward, which has 128 bits.
        pay.quality = uint128(quality);
        pay.attestation = uint128(attestation);
        _move(_params[jobId].token, _rewardPot(jobId), _earnedPot(jobId), quality + attestation);
        emit ValidatorsEarned(jobId, number, attempt, quality, attestation);
    }

    /// @dev Validators' budget for one round, rounded down; the confirming round counts as one more.
    function _validatorBudget(uint256 jobId) private view returns (uint256) {
        JobParams storage params = _params[jobId];
        uint256 rounds = uint256(params.rounds) + (params.milestones.length == 0 ? 0 : 1);
        return (uint256(params.reward) * params.validatorShareBps) / Payouts.BPS / rounds;
    }

    /// @dev What validators do not get.
    function _trainersReward(uint256 jobId) private view returns (uint256) {
        JobParams storage params = _params[jobId];
        return params.reward - (uint256(params.reward) * params.validatorShareBps) / Payouts.BPS;
    }

    /// @dev Trainers' budget for one round of a job without milestones, rounded down.
    function _roundBudget(uint256 jobId) private view returns (uint256) {
        return _trainersReward(jobId) / _params[jobId].rounds;
    }

    function _weightsOf(
        uint256 jobId,
        uint256 number,
        uint256 attempt,
        uint256 copies
    ) private view returns (uint256[] memory weights) {
        int16[] memory consensus = PANEL.consensusOf(jobId, number, attempt);
        uint256 noiseFloor = _params[jobId].noiseFloor;
        weights = new uint256[](consensus.length);
        for (uint256 j = 0; j < weights.length; ++j) {
            if ((copies >> j) & 1 == 0) weights[j] = Payouts.weightOf(consensus[j], noiseFloor);
        }
    }

    // ---------------------------------------------------------------- checks and names

    function _requireOpen(uint256 jobId) private view returns (Job storage) {
        if (!isOpen(jobId)) revert TrainingMarket_WrongPhase(jobId, phaseAt(jobId, block.timestamp));
        return _jobs[jobId];
    }

    function _requireWaiting(uint256 jobId) private returns (Job storage job) {
        Phase phase = phaseAt(jobId, block.timestamp);
        if (phase != Phase.Waiting) revert TrainingMarket_WrongPhase(jobId, phase);
        job = _jobs[jobId];
        _finishEmptyRound(jobId, job);
    }

    function _requireMember(uint256 jobId, address trainer) private view returns (Member storage member) {
        member = _members[jobId][trainer];
        if (member.since == 0) revert TrainingMarket_NotMember(jobId, trainer);
    }

    /// @dev A member that may commit in a round: it has begun, does not leave, and kept its earlier commitments.
    function _requireActive(uint256 jobId, uint32 number, Member storage member) private view {
        if (member.since == 0 || member.since > number) revert TrainingMarket_NotMember(jobId, msg.sender);
        if (member.leaving != 0) revert TrainingMarket_Leaving(jobId, msg.sender);
        bool forfeited = member.lastCommitted > member.lastRevealed && member.lastCommitted != number;
        if (forfeited) revert TrainingMarket_NotMember(jobId, msg.sender);
    }

    /// @dev Training and Disclosure are known here without asking the panel; `Draw` stands for all that follows them.
    function _requireRoundPhase(
        uint256 jobId,
        uint32 number,
        Phase expected
    ) private view returns (Round storage round) {
        round = _rounds[jobId][number];
        Phase phase = Phases.ofRound(round.facts, block.timestamp);
        if (number == 0 || phase != expected) {
            revert TrainingMarket_WrongPhase(jobId, phaseAt(jobId, block.timestamp));
        }
    }

    function _rewardPot(uint256 jobId) private pure returns (bytes32) {
        return keccak256(abi.encode("reward", jobId));
    }

    function _earnedPot(uint256 jobId) private pure returns (bytes32) {
        return keccak256(abi.encode("earned", jobId));
    }

    function _bondPot(uint256 jobId) private pure returns (bytes32) {
        return keccak256(abi.encode("bond", jobId));
    }
}
