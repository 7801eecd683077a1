// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {StakeRegistry} from "./StakeRegistry.sol";
import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {IStakeRegistry} from "./interfaces/IStakeRegistry.sol";
import {ITrainingMarket} from "./interfaces/ITrainingMarket.sol";
import {Commitments} from "./libraries/Commitments.sol";
import {Consensus} from "./libraries/Consensus.sol";
import {Draw} from "./libraries/Draw.sol";
import {JobRules} from "./libraries/JobRules.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {Phases} from "./libraries/Phases.sol";
import {Trust} from "./libraries/Trust.sol";
import {Holdout, JobParams, Scoring, Update} from "./types/JobTypes.sol";
import {AttemptOutcome, Committee, PanelParams, Seat} from "./types/PanelTypes.sol";
import {Phase} from "./types/Phase.sol";

/// @title ScoringPanel
/// @notice Enlistment, draw, sealed scores, consensus, trust, attestation. Holds no money.
contract ScoringPanel is IScoringPanel {
    /// @dev An attempt's record.
    struct Attempt {
        Committee committee;
        mapping(uint256 seat => Seat) seats;
        mapping(uint256 seat => bytes32) commitments;
        mapping(uint256 seat => bytes32) attestations;
        /// Revealed scores, 16 a word.
        mapping(uint256 seat => mapping(uint256 word => uint256)) scores;
        /// Consensus, 16 a word.
        mapping(uint256 word => uint256) consensus;
    }

    /// @dev The attempt that a job's panel is at: one slot.
    struct Current {
        uint64 round;
        uint64 attempt;
    }

    /// @dev Blocks after which a block's hash can no longer be had.
    uint256 private constant HASH_LIFETIME = 256;

    /// @notice Keeps jobs, rounds and pay.
    ITrainingMarket public immutable MARKET;
    /// @notice Holds the validators' stake.
    IStakeRegistry public immutable REGISTRY;

    mapping(uint256 jobId => PanelParams) private _params;
    mapping(uint256 jobId => Current) private _current;
    mapping(uint256 jobId => Trust.Pool) private _trust;
    mapping(uint256 jobId => mapping(address trainer => Trust.Share)) private _shares;
    mapping(uint256 jobId => mapping(uint256 round => mapping(uint256 attempt => Attempt))) private _attempts;
    mapping(uint256 jobId => address[]) private _enlisted;
    /// Place after which a validator stands in its job's list; 0 for not enlisted.
    mapping(uint256 jobId => mapping(address validator => uint256)) private _placeOf;
    /// The last attempt in which a validator was seated.
    mapping(uint256 jobId => mapping(address validator => Current)) private _seatedIn;

    modifier onlyMarket() {
        if (msg.sender != address(MARKET)) revert ScoringPanel_NotMarket(msg.sender);
        _;
    }

    /// @param thawPeriod How long stake thaws, in seconds.
    constructor(uint256 thawPeriod) {
        MARKET = ITrainingMarket(msg.sender);
        REGISTRY = new StakeRegistry(address(this), thawPeriod);
    }

    // ---------------------------------------------------------------- the market

    /// @inheritdoc IScoringPanel
    function register(uint256 jobId, JobParams calldata params) external override onlyMarket {
        JobRules.check(params, block.timestamp);
        _params[jobId] = PanelParams({
            token: params.token,
            committeeSize: params.committeeSize,
            commonHoldout: params.holdout != Holdout.Own,
            keepsTrust: params.scoring == Scoring.Accuracy,
            tolerance: params.tolerance,
            maxTolerance: params.maxTolerance,
            seatLock: params.seatLock,
            scoringPeriod: params.scoringPeriod,
            revealPeriod: params.revealPeriod,
            attestationPeriod: params.attestationPeriod,
            settlementPeriod: params.settlementPeriod
        });
    }

    /// @inheritdoc IScoringPanel
    function admit(uint256 jobId, address trainer, bool founder) external override onlyMarket {
        if (!_params[jobId].keepsTrust) return;
        Trust.Pool storage pool = _trust[jobId];
        uint192 value = founder ? uint192(Trust.FOUNDER) : 0;
        pool.total += value;
        ++pool.members;
        _shares[jobId][trainer] = Trust.Share(value, pool.epoch, pool.scale);
    }

    /// @inheritdoc IScoringPanel
    function dismiss(uint256 jobId, address trainer, bool running) external override onlyMarket {
        if (!_params[jobId].keepsTrust) return;
        Trust.Pool storage pool = _trust[jobId];
        // Cast: values are below 2^136.
        uint192 value = uint192(Trust.valueOf(_shares[jobId][trainer], pool));
        if (running) pool.departed += value;
        else pool.total -= value;
        --pool.members;
        delete _shares[jobId][trainer];
    }

    // ---------------------------------------------------------------- validators

    /// @inheritdoc IScoringPanel
    function enlist(uint256 jobId) external override {
        if (!MARKET.isOpen(jobId)) revert ScoringPanel_JobNotOpen(jobId);
        if (isEnlisted(jobId, msg.sender)) revert ScoringPanel_AlreadyEnlisted(jobId, msg.sender);
        if (MARKET.isParticipant(jobId, msg.sender)) revert ScoringPanel_RoleTaken(jobId, msg.sender);
        _requireListMoves(jobId);

        _enlisted[jobId].push(msg.sender);
        _placeOf[jobId][msg.sender] = _enlisted[jobId].length;
        emit Enlisted(jobId, msg.sender);

        PanelParams storage params = _params[jobId];
        REGISTRY.lock(params.token, msg.sender, jobId, params.seatLock);
    }

    /// @inheritdoc IScoringPanel
    function delist(uint256 jobId) external override {
        if (!isEnlisted(jobId, msg.sender)) revert ScoringPanel_NotEnlisted(jobId, msg.sender);
        _requireListMoves(jobId);
        Current memory seated = _seatedIn[jobId][msg.sender];
        if (seated.attempt != 0 && !Phases.isOver(_attempts[jobId][seated.round][seated.attempt].committee)) {
            revert ScoringPanel_Seated(jobId, msg.sender);
        }
        _delist(jobId, msg.sender);
    }

    /// @inheritdoc IScoringPanel
    function commitScores(uint256 jobId, uint256 seat, bytes32 commitment) external override {
        (Current memory current, Attempt storage attempt) = _requirePhase(jobId, Phase.Scoring);
        if (commitment == 0) revert ScoringPanel_ZeroDigest();
        Seat storage holder = _requireSeat(jobId, attempt, seat);
        if (holder.committed) revert ScoringPanel_AlreadyDone(jobId, seat);

        attempt.commitments[seat] = commitment;
        holder.committed = true;
        Committee storage committee = attempt.committee;
        ++committee.committed;
        if (committee.committed == committee.seats) {
            committee.scoringEnd = uint40(block.timestamp);
            committee.revealEnd = uint40(block.timestamp + _params[jobId].revealPeriod);
        }
        emit ScoresCommitted(jobId, current.round, msg.sender, current.attempt);
    }

    /// @inheritdoc IScoringPanel
    function revealScores(
        uint256 jobId,
        uint256 seat,
        uint256[] calldata packedScores,
        bytes32 salt
    ) external override {
        (Current memory current, Attempt storage attempt) = _requirePhase(jobId, Phase.Reveal);
        Seat storage holder = _requireSeat(jobId, attempt, seat);
        if (holder.revealed) revert ScoringPanel_AlreadyDone(jobId, seat);
        bytes32 expected = attempt.commitments[seat];
        bytes32 actual = Commitments.ofScores(jobId, current.round, current.attempt, msg.sender, packedScores, salt);
        if (actual != expected) revert ScoringPanel_CommitmentMismatch(jobId, msg.sender, actual, expected);
        Committee storage committee = attempt.committee;
        _requireShape(jobId, packedScores, committee.updates);

        delete attempt.commitments[seat];
        for (uint256 i = 0; i < packedScores.length; ++i) attempt.scores[seat][i] = packedScores[i];
        holder.revealed = true;
        ++committee.revealed;
        if (committee.revealed == committee.committed) committee.revealEnd = uint40(block.timestamp);
        emit ScoresRevealed(jobId, current.round, msg.sender, current.attempt, packedScores);
    }

    /// @inheritdoc IScoringPanel
    function attestModel(uint256 jobId, uint256 seat, bytes32 attestation) external override {
        (Current memory current, Attempt storage attempt) = _requirePhase(jobId, Phase.Attestation);
        if (attestation == 0) revert ScoringPanel_ZeroDigest();
        Seat storage holder = _requireSeat(jobId, attempt, seat);
        if (holder.attested) revert ScoringPanel_AlreadyDone(jobId, seat);

        attempt.attestations[seat] = attestation;
        holder.attested = true;
        Committee storage committee = attempt.committee;
        ++committee.attested;
        if (committee.attested == committee.seats) committee.attestationEnd = uint40(block.timestamp);
        emit ModelAttested(jobId, current.round, msg.sender, current.attempt);
    }

    // ---------------------------------------------------------------- anyone

    /// @inheritdoc IScoringPanel
    function armDraw(uint256 jobId) external override {
        (uint256 round, uint256 updates) = MARKET.disclosed(jobId);
        Current memory current = _enterRound(jobId, round);
        Committee storage committee = _attempts[jobId][current.round][current.attempt].committee;
        if (committee.drawnAt != 0) revert ScoringPanel_WrongPhase(jobId, _phaseOf(committee), Phase.Draw);
        uint256 seedBlock = committee.seedBlock;
        if (seedBlock != 0 && block.number <= seedBlock + HASH_LIFETIME) {
            revert ScoringPanel_AlreadyArmed(jobId, seedBlock);
        }
        uint256 enlisted = _enlisted[jobId].length;
        if (enlisted < JobRules.MIN_SEATS) revert ScoringPanel_TooFewEnlisted(jobId, enlisted);

        // Casts: block numbers have 64 bits, a round at most 64 updates.
        committee.seedBlock = uint64(block.number);
        committee.updates = uint8(updates);
        emit DrawArmed(jobId, current.round, current.attempt, block.number);
    }

    /// @inheritdoc IScoringPanel
    function drawCommittee(uint256 jobId) external override {
        (Current memory current, Attempt storage attempt) = _requirePhase(jobId, Phase.Draw);
        Committee storage committee = attempt.committee;
        uint256 seedBlock = committee.seedBlock;
        // The hash is zero for this block, and for blocks too long ago.
        bytes32 hash = blockhash(seedBlock);
        if (seedBlock == 0 || hash == 0) revert ScoringPanel_NoSeed(jobId, seedBlock);

        bytes32 seed = keccak256(abi.encode(hash, jobId, current.round, current.attempt));
        PanelParams storage params = _params[jobId];
        uint256 enlisted = _enlisted[jobId].length;
        uint256 seats = enlisted < params.committeeSize ? enlisted : params.committeeSize;
        committee.seed = seed;
        committee.seats = uint8(seats);
        committee.drawnAt = uint40(block.timestamp);
        committee.scoringEnd = uint40(block.timestamp + params.scoringPeriod);
        committee.revealEnd = committee.scoringEnd + params.revealPeriod;

        uint256[] memory places = Draw.places(seed, enlisted, seats);
        address[] memory validators = new address[](seats);
        for (uint256 i = 0; i < seats; ++i) {
            address validator = _enlisted[jobId][places[i]];
            validators[i] = validator;
            attempt.seats[i].validator = validator;
            _seatedIn[jobId][validator] = current;
        }
        emit CommitteeDrawn(jobId, current.round, current.attempt, seed, validators);
    }

    /// @inheritdoc IScoringPanel
    function tally(uint256 jobId, uint256 count) external override {
        (Current memory current, Attempt storage attempt) = _requirePhase(jobId, Phase.Tally);
        Committee memory committee = attempt.committee;
        // Without a quorum nothing is computed: the attempt fails below.
        if (committee.revealed >= Consensus.quorum(committee.seats)) {
            uint256 left = committee.updates - committee.tallied;
            uint256 end = committee.tallied + (count < left ? count : left);
            if (end > committee.tallied) _tallyUpdates(jobId, current, attempt, committee, end);
            if (end < committee.updates) return;
        }
        _finishTally(jobId, current, attempt);
    }

    /// @inheritdoc IScoringPanel
    function settle(uint256 jobId, bytes32 digest, uint16 baseScore, uint16 score) external override {
        (Current memory current, Attempt storage attempt) = _requirePhase(jobId, Phase.Settlement);
        Committee storage committee = attempt.committee;
        uint256 end = committee.attestationEnd + _params[jobId].settlementPeriod;
        if (block.timestamp >= end) revert ScoringPanel_SettlementTime(jobId, end);
        _requireScores(jobId, baseScore, score);
        if (digest == 0) revert ScoringPanel_ZeroDigest();

        uint256 seats = committee.seats;
        (uint256 winners, uint256 attesters) = _attestersOf(jobId, current, attempt, digest, baseScore, score);
        uint256 majority = seats / 2 + 1;
        if (attesters < majority) revert ScoringPanel_NoMajority(jobId, attesters, majority);

        // Cast: a committee has at most 31 seats.
        committee.winners = uint32(winners);
        committee.outcome = AttemptOutcome.Settled;
        emit AttemptSettled(jobId, current.round, current.attempt, winners);

        uint256 quality = 0;
        for (uint256 i = 0; i < seats; ++i) quality += _qualityOf(attempt.seats[i], committee);
        if (_params[jobId].keepsTrust) _updateTrust(jobId, current, attempt);
        MARKET.recordSettlement(jobId, current.attempt, digest, baseScore, score, quality);
    }

    /// @inheritdoc IScoringPanel
    function failAttempt(uint256 jobId) external override {
        (Current memory current, Attempt storage attempt) = _requirePhase(jobId, Phase.Settlement);
        uint256 end = attempt.committee.attestationEnd + _params[jobId].settlementPeriod;
        if (block.timestamp < end) revert ScoringPanel_SettlementTime(jobId, end);
        _fail(jobId, current, attempt);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IScoringPanel
    function phaseAt(uint256 jobId, uint256 round, uint256 time) external view override returns (Phase) {
        Current memory current = _current[jobId];
        if (current.round != round) return Phase.Draw;
        return Phases.ofCommittee(_attempts[jobId][round][current.attempt].committee, time);
    }

    /// @inheritdoc IScoringPanel
    function attemptOf(uint256 jobId, uint256 round) external view override returns (uint256) {
        if (_current[jobId].round == round) return _current[jobId].attempt;
        if (Phases.isOver(_attempts[jobId][round][2].committee)) return 2;
        return Phases.isOver(_attempts[jobId][round][1].committee) ? 1 : 0;
    }

    /// @inheritdoc IScoringPanel
    function committeeOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt
    ) external view override returns (Committee memory committee, Seat[] memory seats) {
        Attempt storage record = _attempts[jobId][round][attempt];
        committee = record.committee;
        seats = new Seat[](committee.seats);
        for (uint256 i = 0; i < seats.length; ++i) seats[i] = record.seats[i];
    }

    /// @inheritdoc IScoringPanel
    function scoresOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        uint256 seat
    ) external view override returns (int16[] memory) {
        Attempt storage record = _attempts[jobId][round][attempt];
        return _unpack(record.scores[seat], record.seats[seat].revealed ? record.committee.updates : 0);
    }

    /// @inheritdoc IScoringPanel
    function consensusOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt
    ) external view override returns (int16[] memory) {
        Attempt storage record = _attempts[jobId][round][attempt];
        return _unpack(record.consensus, record.committee.tallied);
    }

    /// @inheritdoc IScoringPanel
    function sharesOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        uint256 qualityBudget,
        uint256 attestationBudget
    ) external view override returns (address[] memory validators, uint256[] memory amounts) {
        Attempt storage record = _attempts[jobId][round][attempt];
        Committee memory committee = record.committee;
        validators = new address[](committee.seats);
        uint256[] memory quality = new uint256[](committee.seats);
        uint256[] memory attested = new uint256[](committee.seats);
        for (uint256 i = 0; i < committee.seats; ++i) {
            Seat memory seat = record.seats[i];
            validators[i] = seat.validator;
            quality[i] = _qualityOf(seat, committee);
            if (seat.revealed) attested[i] = (committee.winners >> i) & 1;
        }
        amounts = new uint256[](committee.seats);
        Payouts.addShares(amounts, qualityBudget, quality);
        Payouts.addShares(amounts, attestationBudget, attested);
    }

    /// @inheritdoc IScoringPanel
    function trustOf(
        uint256 jobId,
        address trainer
    ) external view override returns (Trust.Pool memory pool, uint256 value) {
        pool = _trust[jobId];
        value = MARKET.memberOf(jobId, trainer).since == 0 ? 0 : Trust.valueOf(_shares[jobId][trainer], pool);
    }

    /// @inheritdoc IScoringPanel
    function enlistedCount(uint256 jobId) external view override returns (uint256) {
        return _enlisted[jobId].length;
    }

    /// @inheritdoc IScoringPanel
    function enlistedOf(uint256 jobId) external view override returns (address[] memory) {
        return _enlisted[jobId];
    }

    /// @inheritdoc IScoringPanel
    function isEnlisted(uint256 jobId, address validator) public view override returns (bool) {
        return _placeOf[jobId][validator] != 0;
    }

    // ---------------------------------------------------------------- tally

    /// @dev Computes consensus and agreement of updates `[committee.tallied, end)`.
    function _tallyUpdates(
        uint256 jobId,
        Current memory current,
        Attempt storage attempt,
        Committee memory committee,
        uint256 end
    ) private {
        PanelParams memory params = _params[jobId];
        (uint256[] memory places, Seat[] memory revealers) = _revealers(attempt, committee);
        uint256[] memory words = new uint256[](revealers.length);
        int256[] memory scores = new int256[](revealers.length);
        uint256 scored = committee.scored;

        for (uint256 j = committee.tallied; j < end; ++j) {
            if (j == committee.tallied || j % Consensus.LANES == 0) _loadWords(attempt, places, words, j);
            for (uint256 i = 0; i < scores.length; ++i) scores[i] = Consensus.unpack(words[i], j);
            (int256 median, uint256 band) = Consensus.verdictOf(scores, params.tolerance, params.maxTolerance);
            uint256 word = attempt.consensus[j / Consensus.LANES];
            attempt.consensus[j / Consensus.LANES] = Consensus.pack(word, j, median);
            if (!Consensus.isVoid(median)) {
                ++scored;
                for (uint256 i = 0; i < revealers.length; ++i) {
                    _rate(revealers[i], Consensus.unpack(words[i], j), median, band);
                }
            }
            emit UpdateTallied(jobId, current.round, current.attempt, j, median, band);
        }
        for (uint256 i = 0; i < revealers.length; ++i) attempt.seats[places[i]] = revealers[i];
        // Casts: a round has at most 64 updates.
        attempt.committee.tallied = uint8(end);
        attempt.committee.scored = uint8(scored);
    }

    /// @dev A score that says void where consensus is a number earns nothing and counts neither in nor out of band.
    function _rate(Seat memory seat, int256 score, int256 median, uint256 band) private pure {
        if (Consensus.isVoid(score)) return;
        ++seat.numeric;
        if (Consensus.distance(score, median) <= band) ++seat.inBand;
        // Cast: at most 10,000.
        seat.agreement += uint32(Consensus.agreement(score, median, band));
    }

    function _revealers(
        Attempt storage attempt,
        Committee memory committee
    ) private view returns (uint256[] memory places, Seat[] memory revealers) {
        places = new uint256[](committee.revealed);
        revealers = new Seat[](committee.revealed);
        uint256 next = 0;
        for (uint256 i = 0; i < committee.seats; ++i) {
            Seat memory seat = attempt.seats[i];
            if (!seat.revealed) continue;
            places[next] = i;
            revealers[next++] = seat;
        }
    }

    function _loadWords(
        Attempt storage attempt,
        uint256[] memory places,
        uint256[] memory words,
        uint256 index
    ) private view {
        for (uint256 i = 0; i < words.length; ++i) words[i] = attempt.scores[places[i]][index / Consensus.LANES];
    }

    /// @dev Slashes silence; then either fails the attempt or slashes deviation and opens Attestation.
    function _finishTally(uint256 jobId, Current memory current, Attempt storage attempt) private {
        Committee memory committee = attempt.committee;
        uint256 deviating = 0;
        for (uint256 i = 0; i < committee.seats; ++i) {
            Seat memory seat = attempt.seats[i];
            if (!seat.revealed) _slash(jobId, seat.validator, _params[jobId].seatLock);
            else if (2 * seat.inBand < seat.numeric) ++deviating;
        }
        bool quorum = committee.revealed >= Consensus.quorum(committee.seats);
        if (!quorum || 2 * deviating >= committee.revealed) return _fail(jobId, current, attempt);

        if (deviating > 0 && _params[jobId].commonHoldout) _slashDeviation(jobId, attempt, committee.seats);
        attempt.committee.attestationEnd = uint40(block.timestamp + _params[jobId].attestationPeriod);
    }

    function _slashDeviation(uint256 jobId, Attempt storage attempt, uint256 seats) private {
        for (uint256 i = 0; i < seats; ++i) {
            Seat memory seat = attempt.seats[i];
            uint256 amount = Payouts.deviationSlash(_params[jobId].seatLock, seat.inBand, seat.numeric);
            if (amount > 0) _slash(jobId, seat.validator, amount);
        }
    }

    /// @dev A slashed validator is off the list; what is left of its lock is free again.
    function _slash(uint256 jobId, address validator, uint256 amount) private {
        REGISTRY.slash(_params[jobId].token, validator, jobId, amount);
        _delist(jobId, validator);
    }

    /// @dev After the first failure the round goes back to Draw, after the second the market ends it.
    function _fail(uint256 jobId, Current memory current, Attempt storage attempt) private {
        Committee storage committee = attempt.committee;
        committee.outcome = AttemptOutcome.Failed;
        if (current.attempt == 1) _current[jobId].attempt = 2;
        emit AttemptFailed(jobId, current.round, current.attempt, committee.revealed);
        MARKET.recordFailure(jobId, current.attempt, committee.seats, committee.revealed);
    }

    /// @dev Settled: agreement, for seats in band at least half the time; where all is void, 1 for each revealer.
    /// Failed: 1 for each revealer.
    function _qualityOf(Seat memory seat, Committee memory committee) private pure returns (uint256) {
        if (!seat.revealed) return 0;
        if (committee.outcome == AttemptOutcome.Failed || committee.scored == 0) return 1;
        return 2 * seat.inBand >= seat.numeric ? seat.agreement : 0;
    }

    function _attestersOf(
        uint256 jobId,
        Current memory current,
        Attempt storage attempt,
        bytes32 digest,
        uint16 baseScore,
        uint16 score
    ) private view returns (uint256 winners, uint256 count) {
        for (uint256 i = 0; i < attempt.committee.seats; ++i) {
            bytes32 expected = Commitments.ofAttestation(
                jobId,
                current.round,
                current.attempt,
                digest,
                baseScore,
                score,
                attempt.seats[i].validator
            );
            if (attempt.attestations[i] != expected) continue;
            winners |= 1 << i;
            ++count;
        }
    }

    // ---------------------------------------------------------------- trust

    /// @dev Malformed updates lose all trust that a round can take; those nobody could fetch, and copies, keep theirs.
    function _updateTrust(uint256 jobId, Current memory current, Attempt storage attempt) private {
        Trust.Pool memory pool = _trust[jobId];
        (Update[] memory updates, uint64 copies) = MARKET.updatesOf(jobId, current.round);
        int16[] memory consensus = _unpack(attempt.consensus, updates.length);
        uint256 sum = pool.total - pool.departed;
        for (uint256 j = 0; j < updates.length; ++j) {
            if ((copies >> j) & 1 == 1 || consensus[j] == Consensus.UNAVAILABLE) continue;
            address trainer = updates[j].trainer;
            uint256 value = Trust.valueOf(_shares[jobId][trainer], pool);
            uint256 next = Trust.grown(value, consensus[j], pool.total);
            // Cast: at most value + total, below 2^136.
            _shares[jobId][trainer] = Trust.Share(uint192(next), pool.epoch, pool.scale);
            sum = sum - value + next;
        }
        _trust[jobId] = Trust.rebased(pool, sum);
    }

    // ---------------------------------------------------------------- list, checks

    /// @dev Keeps the list dense: the last takes the place of the one that goes.
    function _delist(uint256 jobId, address validator) private {
        uint256 place = _placeOf[jobId][validator];
        address[] storage list = _enlisted[jobId];
        address last = list[list.length - 1];
        list[place - 1] = last;
        _placeOf[jobId][last] = place;
        list.pop();
        delete _placeOf[jobId][validator];
        emit Delisted(jobId, validator);
        REGISTRY.unlock(_params[jobId].token, validator, jobId);
    }

    function _enterRound(uint256 jobId, uint256 round) private returns (Current memory current) {
        current = _current[jobId];
        if (current.round == round) return current;
        // Cast: rounds are counted in 32 bits.
        current = Current({round: uint64(round), attempt: 1});
        _current[jobId] = current;
    }

    function _requireListMoves(uint256 jobId) private view {
        Current memory current = _current[jobId];
        Committee storage committee = _attempts[jobId][current.round][current.attempt].committee;
        if (committee.seedBlock != 0 && committee.drawnAt == 0) revert ScoringPanel_ListFrozen(jobId);
    }

    function _requirePhase(
        uint256 jobId,
        Phase expected
    ) private view returns (Current memory current, Attempt storage attempt) {
        current = _current[jobId];
        attempt = _attempts[jobId][current.round][current.attempt];
        Phase phase = _phaseOf(attempt.committee);
        if (phase != expected) revert ScoringPanel_WrongPhase(jobId, phase, expected);
    }

    /// @dev `None` where the last attempt is over: what follows is the market's affair.
    function _phaseOf(Committee memory committee) private view returns (Phase) {
        return Phases.isOver(committee) ? Phase.None : Phases.ofCommittee(committee, block.timestamp);
    }

    function _requireSeat(
        uint256 jobId,
        Attempt storage attempt,
        uint256 seat
    ) private view returns (Seat storage holder) {
        holder = attempt.seats[seat];
        if (holder.validator != msg.sender) revert ScoringPanel_NotYourSeat(jobId, seat, msg.sender);
    }

    function _requireShape(uint256 jobId, uint256[] calldata packedScores, uint256 updates) private pure {
        uint256 words = (updates + Consensus.LANES - 1) / Consensus.LANES;
        bool fits = packedScores.length == words;
        uint256 lanes = updates % Consensus.LANES;
        if (fits && lanes != 0) fits = packedScores[words - 1] >> (16 * lanes) == 0;
        if (!fits) revert ScoringPanel_BadScores(jobId, updates);
    }

    function _requireScores(uint256 jobId, uint256 baseScore, uint256 score) private view {
        uint256 highest = _params[jobId].commonHoldout ? Payouts.BPS : 0;
        if (baseScore > highest || score > highest) revert ScoringPanel_BadAttestation(jobId, baseScore, score);
    }

    function _unpack(
        mapping(uint256 word => uint256) storage words,
        uint256 count
    ) private view returns (int16[] memory scores) {
        scores = new int16[](count);
        uint256 word = 0;
        for (uint256 j = 0; j < count; ++j) {
            if (j % Consensus.LANES == 0) word = words[j / Consensus.LANES];
            // Cast: `unpack` gives 16-bit numbers.
            scores[j] = int16(Consensus.unpack(word, j));
        }
    }
}
