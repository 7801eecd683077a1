// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Attempts} from "./Attempts.sol";
import {IJobBook} from "./interfaces/IJobBook.sol";
import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {Clusters} from "./libraries/Clusters.sol";
import {Commitments} from "./libraries/Commitments.sol";
import {Consensus} from "./libraries/Consensus.sol";
import {Draw} from "./libraries/Draw.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {Settlement} from "./types/JobTypes.sol";
import {AttemptOutcome, Committee, CommitteeFacts, Seat, TallyTerms} from "./types/PanelTypes.sol";
import {Phase} from "./types/Phase.sol";

/// @title ScoringPanel
/// @notice Sealed scores, consensus, attestation of seated committees. Holds no money.
contract ScoringPanel is Attempts {
    /// @dev More than a fingerprint's 24 bits.
    uint256 private constant NO_FINGERPRINT = 1 << 24;

    /// @param book Names this contract's address.
    constructor(IJobBook book) Attempts(book) {}

    // ---------------------------------------------------------------- the seats

    /// @inheritdoc IScoringPanel
    function commitScores(uint256 jobId, uint256 seat, bytes32 commitment) external override {
        (Current memory current, Attempt storage attempt, CommitteeFacts memory facts) = _requirePhase(
            jobId,
            Phase.Scoring
        );
        if (commitment == 0) revert ScoringPanel_ZeroDigest();
        Seat storage holder = _requireSeat(jobId, attempt, seat);
        if (holder.committed) revert ScoringPanel_AlreadyDone(jobId, seat);

        _sealed[jobId][msg.sender].scores = commitment;
        holder.committed = true;
        _witness(attempt.committee, facts);
        ++facts.committed;
        if (facts.committed == facts.seats) {
            facts.scoringEnd = uint40(block.timestamp);
            facts.revealEnd = uint40(block.timestamp + attempt.committee.revealPeriod);
        }
        _setFacts(attempt, facts);
        emit ScoresCommitted(jobId, current.round, msg.sender, current.attempt);
    }

    /// @inheritdoc IScoringPanel
    function revealScores(uint256 jobId, uint256 seat, uint256[] calldata vector, bytes32 salt) external override {
        (Current memory current, Attempt storage attempt, CommitteeFacts memory facts) = _requirePhase(
            jobId,
            Phase.Reveal
        );
        Seat storage holder = _requireSeat(jobId, attempt, seat);
        if (holder.revealed) revert ScoringPanel_AlreadyDone(jobId, seat);
        bytes32 expected = holder.committed ? _sealed[jobId][msg.sender].scores : bytes32(0);
        bytes32 actual = Commitments.ofScores(jobId, current.round, current.attempt, msg.sender, vector, salt);
        if (actual != expected) revert ScoringPanel_CommitmentMismatch(jobId, msg.sender, actual, expected);
        _requireShape(jobId, facts, vector);

        _witness(attempt.committee, facts);
        _entropy[jobId] = Draw.mixed(_entropy[jobId], facts.revealed == 0, msg.sender, salt);
        uint256 words = vector.length;
        // Cast: the shape is checked.
        if (facts.fingerprints) holder.fingerprint = uint24(vector[--words]);
        for (uint256 i = 0; i < words; ++i) _keepWord(jobId, attempt, seat, i, vector[i]);
        if (facts.judgesHoldout && Consensus.unpack(vector[0], 0) != Consensus.READABLE) ++attempt.committee.unreadable;
        holder.revealed = true;
        ++facts.revealed;
        if (facts.revealed == facts.committed) facts.revealEnd = uint40(block.timestamp);
        _setFacts(attempt, facts);
        emit ScoresRevealed(jobId, current.round, msg.sender, current.attempt, vector);
    }

    /// @inheritdoc IScoringPanel
    function attestModel(uint256 jobId, uint256 seat, bytes32 attestation) external override {
        (Current memory current, Attempt storage attempt, CommitteeFacts memory facts) = _requirePhase(
            jobId,
            Phase.Attestation
        );
        if (attestation == 0) revert ScoringPanel_ZeroDigest();
        Seat storage holder = _requireSeat(jobId, attempt, seat);
        if (holder.attested) revert ScoringPanel_AlreadyDone(jobId, seat);

        _sealed[jobId][msg.sender].attestation = attestation;
        holder.attested = true;
        ++facts.attested;
        if (facts.attested == facts.seats) facts.attestationEnd = uint40(block.timestamp);
        _setFacts(attempt, facts);
        emit ModelAttested(jobId, current.round, msg.sender, current.attempt);
    }

    // ---------------------------------------------------------------- anyone: tally and settlement

    /// @inheritdoc IScoringPanel
    function witness(uint256 jobId) external override {
        Current memory current = _current[jobId];
        Committee storage committee = _attempts[jobId][current.round][current.attempt].committee;
        if (!_witness(committee, committee.facts)) revert ScoringPanel_NothingToWitness(jobId);
        emit PhaseWitnessed(jobId, current.round, current.attempt);
    }

    /// @inheritdoc IScoringPanel
    function tally(uint256 jobId, uint256 count) external override {
        (Current memory current, Attempt storage attempt, CommitteeFacts memory facts) = _requirePhase(
            jobId,
            Phase.Tally
        );
        TallyTerms memory terms = BOOK.tallyTermsOf(jobId);
        Group memory group = _counting(attempt, facts);
        // Enough seats have revealed, and more than half of all seats count: the others may have been shown different
        // files, and what few are left must not decide. Where too few do nothing is computed: the attempt fails below.
        bool isQuorum = facts.revealed >= Consensus.quorum(facts.seats) && 2 * group.seats.length > facts.seats;
        if (isQuorum) {
            uint256 left = facts.updates - facts.tallied;
            uint256 end = facts.tallied + (count < left ? count : left);
            _tallyUpdates(jobId, current, attempt, terms, group, end);
            if (end < facts.updates) return;
        }
        _finishTally(jobId, current, attempt, terms, group, isQuorum);
    }

    /// @inheritdoc IScoringPanel
    function settle(uint256 jobId, bytes32 digest, uint16 baseScore, uint16 score) external override {
        (Current memory current, Attempt storage attempt, CommitteeFacts memory facts) = _requirePhase(
            jobId,
            Phase.Settlement
        );
        uint256 end = facts.attestationEnd + attempt.committee.settlementPeriod;
        if (block.timestamp >= end) revert ScoringPanel_SettlementTime(jobId, end);
        _requireScores(jobId, facts, baseScore, score);
        if (digest == 0) revert ScoringPanel_ZeroDigest();
        uint256 winners = _attestersOf(jobId, current, attempt, digest, baseScore, score);
        _requireMajority(jobId, _count(winners), facts.seats);
        // Of those who computed the scores, too.
        uint256 counting = attempt.committee.counting;
        _requireMajority(jobId, _count(winners & counting), _count(counting));

        _settle(jobId, current, attempt, winners, Settlement(digest, baseScore, score, false, 0));
    }

    /// @inheritdoc IScoringPanel
    function failAttempt(uint256 jobId) external override {
        (Current memory current, Attempt storage attempt, CommitteeFacts memory facts) = _requirePhase(
            jobId,
            Phase.Settlement
        );
        uint256 end = facts.attestationEnd + attempt.committee.settlementPeriod;
        if (block.timestamp < end) revert ScoringPanel_SettlementTime(jobId, end);
        _fail(jobId, current, attempt);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IScoringPanel
    function sharesOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        uint256 qualityBudget,
        uint256 attestationBudget
    ) external view override returns (address[] memory validators, uint256[] memory amounts) {
        Attempt storage record = _attempts[jobId][round][attempt];
        Committee storage committee = record.committee;
        uint256 seats = committee.facts.seats;
        uint256 paid = committee.winners & committee.counting;
        validators = new address[](seats);
        uint256[] memory quality = new uint256[](seats);
        uint256[] memory attested = new uint256[](seats);
        for (uint256 i = 0; i < seats; ++i) {
            Seat memory seat = _seatOf(record, i);
            validators[i] = seat.validator;
            quality[i] = _qualityOf(seat, i, committee);
            attested[i] = (paid >> i) & 1;
        }
        amounts = new uint256[](seats);
        Payouts.addShares(amounts, qualityBudget, quality);
        Payouts.addShares(amounts, attestationBudget, attested);
    }

    // ---------------------------------------------------------------- tally

    /// @dev Computes consensus and agreement of updates `[facts.tallied, end)`.
    function _tallyUpdates(
        uint256 jobId,
        Current memory current,
        Attempt storage attempt,
        TallyTerms memory terms,
        Group memory group,
        uint256 end
    ) private {
        Committee storage committee = attempt.committee;
        CommitteeFacts memory facts = committee.facts;
        for (uint256 j = facts.tallied; j < end; ++j) {
            _load(jobId, attempt, facts, group, j);
            Consensus.Verdict memory verdict = _verdictOf(group, facts, terms);
            uint256 word = attempt.consensus[j / Consensus.LANES];
            attempt.consensus[j / Consensus.LANES] = Consensus.pack(word, j, verdict.median);
            if (!verdict.decided) {
                ++group.undecided;
            } else if (!Consensus.isVoid(verdict.median)) {
                ++group.scored;
                _rate(group, verdict);
            }
            if (facts.clusters) _label(attempt, group, j);
            emit UpdateTallied(jobId, current.round, current.attempt, j, verdict.median, verdict.band);
        }
        for (uint256 i = 0; i < group.seats.length; ++i) attempt.seats[group.places[i]] = group.seats[i];
        committee.scored += group.scored;
        committee.undecided += group.undecided;
        // Cast: a round has at most 64 updates.
        committee.facts.tallied = uint8(end);
    }

    function _verdictOf(
        Group memory group,
        CommitteeFacts memory facts,
        TallyTerms memory terms
    ) private pure returns (Consensus.Verdict memory) {
        return
            Consensus.verdictOf(
                group.sorted,
                Consensus.Rule(facts.seats, terms.tolerance, terms.maxTolerance, facts.fingerprints)
            );
    }

    /// @dev A score that says void where consensus is a number earns nothing and counts neither in nor out of band.
    function _rate(Group memory group, Consensus.Verdict memory verdict) private pure {
        for (uint256 i = 0; i < group.seats.length; ++i) {
            int256 score = group.scores[i];
            if (Consensus.isVoid(score)) continue;
            Seat memory seat = group.seats[i];
            // Unchecked: at most 64 updates, at most 10,000 each.
            unchecked {
                ++seat.numeric;
                if (Consensus.distance(score, verdict.median) <= verdict.band) ++seat.inBand;
                seat.agreement += uint32(Consensus.agreement(score, verdict.median, verdict.band));
            }
        }
    }

    function _label(Attempt storage attempt, Group memory group, uint256 j) private {
        uint256 label = Clusters.pluralityOf(group.labels, j);
        attempt.labels[j / Clusters.LANES] |= label << (8 * (j % Clusters.LANES));
    }

    /// @dev The seats that count: another revealed the same fingerprint. Who only guesses stands alone; who was served
    /// other bytes does not. Where holdouts differ all fingerprints are 0.
    function _counting(Attempt storage attempt, CommitteeFacts memory facts) private view returns (Group memory group) {
        Seat[] memory seats = new Seat[](facts.seats);
        for (uint256 i = 0; i < seats.length; ++i) seats[i] = _seatOf(attempt, i);
        uint256 counting = 0;
        for (uint256 i = 0; i < seats.length; ++i) if (_isShared(seats, i)) counting |= 1 << i;
        uint256 size = _count(counting);
        group.counting = counting;
        group.places = new uint256[](size);
        group.seats = new Seat[](size);
        group.scores = new int256[](size);
        group.sorted = new int256[](size);
        group.labels = new uint256[](size);
        group.words = new uint256[](size);
        uint256 next = 0;
        for (uint256 i = 0; i < seats.length; ++i) {
            if ((counting >> i) & 1 == 0) continue;
            group.places[next] = i;
            group.seats[next++] = seats[i];
        }
    }

    function _isShared(Seat[] memory seats, uint256 own) private pure returns (bool) {
        if (!seats[own].revealed) return false;
        for (uint256 i = 0; i < seats.length; ++i) {
            if (i != own && seats[i].revealed && seats[i].fingerprint == seats[own].fingerprint) return true;
        }
        return false;
    }

    /// @dev Slashes silence; then either fails the attempt or slashes deviation and opens Attestation.
    function _finishTally(
        uint256 jobId,
        Current memory current,
        Attempt storage attempt,
        TallyTerms memory terms,
        Group memory group,
        bool isQuorum
    ) private {
        Committee storage committee = attempt.committee;
        CommitteeFacts memory facts = committee.facts;
        if (facts.revealed < facts.committed) _entropy[jobId] = Draw.stirred(_entropy[jobId]);
        // Where most seats are silent the chain itself may have stood still.
        if (2 * uint256(facts.revealed) > facts.seats) _slashSilence(jobId, attempt, terms);
        // Cast: at most 31 seats.
        committee.counting = uint32(group.counting);
        // A first committee that is divided over an update is drawn again; a second one leaves that update void.
        bool fails = (current.attempt == 1 && committee.undecided != 0) || !isQuorum;
        // A confirming round scores one number, an accuracy. Cast: a negative one, void or not, is above them all.
        uint256 check = facts.confirming ? uint256(Consensus.unpack(attempt.consensus[0], 0)) : 0;
        if (fails || check > Payouts.BPS) return _fail(jobId, current, attempt);

        if (facts.fingerprints) _slashDeviation(jobId, group.seats, terms, facts.seats);
        if (facts.confirming) {
            // That number was sealed like all scores, so that nobody copies it: whoever is in band has attested it.
            uint256 winners = 0;
            for (uint256 i = 0; i < group.places.length; ++i) {
                winners |= uint256(group.seats[i].inBand) << group.places[i];
            }
            // Cast: checked above.
            uint16 score = uint16(check);
            return _settle(jobId, current, attempt, winners, Settlement(0, score, score, false, 0));
        }
        committee.facts.attestationEnd = uint40(block.timestamp + committee.attestationPeriod);
    }

    function _settle(
        uint256 jobId,
        Current memory current,
        Attempt storage attempt,
        uint256 winners,
        Settlement memory settled
    ) private {
        Committee storage committee = attempt.committee;
        // Cast: a committee has at most 31 seats.
        committee.winners = uint32(winners);
        committee.facts.outcome = AttemptOutcome.Settled;
        settled.holdoutUnreadable = 2 * uint256(committee.unreadable) > committee.facts.seats;
        settled.quality = _totalQuality(attempt);
        emit AttemptSettled(jobId, current.round, current.attempt, winners);
        // The lifecycle calls market, rounds and committees; none of them calls a token for it.
        // slither-disable-next-line reentrancy-events
        LIFECYCLE.recordSettlement(jobId, current.attempt, settled);
    }

    /// @dev A seat that let a phase pass without acting is slashed if the chain took transactions late in that phase.
    function _slashSilence(uint256 jobId, Attempt storage attempt, TallyTerms memory terms) private {
        Committee storage committee = attempt.committee;
        uint256 seats = committee.facts.seats;
        for (uint256 i = 0; i < seats; ++i) {
            Seat storage seat = attempt.seats[i];
            bool witnessed = seat.committed ? committee.revealWitnessed : committee.scoringWitnessed;
            if (!seat.revealed && witnessed) _slash(jobId, terms, seat.validator, terms.seatLock);
        }
    }

    function _deviates(Seat memory seat) private pure returns (bool) {
        return 2 * uint256(seat.inBand) < seat.numeric;
    }

    /// @dev Slashes seats that computed what at least two thirds of all `committeeSize` seats did, and say otherwise. A
    /// seat with another fingerprint may have been served other bytes.
    function _slashDeviation(
        uint256 jobId,
        Seat[] memory seats,
        TallyTerms memory terms,
        uint256 committeeSize
    ) private {
        uint256[] memory fingerprints = new uint256[](seats.length);
        for (uint256 i = 0; i < seats.length; ++i) fingerprints[i] = seats[i].fingerprint;
        uint256 shared = Clusters.pluralityOf(fingerprints, NO_FINGERPRINT);
        uint256 agreeing = 0;
        for (uint256 i = 0; i < seats.length; ++i) {
            if (seats[i].fingerprint == shared && !_deviates(seats[i])) ++agreeing;
        }
        if (3 * agreeing < 2 * committeeSize) return;
        for (uint256 i = 0; i < seats.length; ++i) {
            if (seats[i].fingerprint != shared) continue;
            uint256 amount = Payouts.deviationSlash(terms.seatLock, seats[i].inBand, seats[i].numeric);
            if (amount > 0) _slash(jobId, terms, seats[i].validator, amount);
        }
    }

    function _slash(uint256 jobId, TallyTerms memory terms, address validator, uint256 amount) private {
        // Committees and registry book what they are told, and call no token; a loop is over 31 seats at most.
        // slither-disable-next-line calls-loop,reentrancy-events
        COMMITTEES.slash(jobId, terms.token, validator, amount);
    }

    /// @dev After the first failure the round goes back to Draw, after the second the market ends it.
    function _fail(uint256 jobId, Current memory current, Attempt storage attempt) private {
        Committee storage committee = attempt.committee;
        committee.facts.outcome = AttemptOutcome.Failed;
        // Cast: a time.
        if (current.attempt == 1) (_current[jobId].attempt, _current[jobId].failedAt) = (2, uint40(block.timestamp));
        emit AttemptFailed(jobId, current.round, current.attempt, committee.facts.revealed);
        // The lifecycle calls market and rounds; neither calls a token for it.
        // slither-disable-next-line reentrancy-events
        LIFECYCLE.recordFailure(jobId, current.attempt, committee.facts.seats, _count(committee.counting));
    }

    // ---------------------------------------------------------------- quality

    /// @dev Settled: agreement, for seats in band at least half the time; where all is void, 1 for each that counts.
    /// Failed: 1 for each that counts.
    function _qualityOf(Seat memory seat, uint256 place, Committee storage committee) private view returns (uint256) {
        if ((committee.counting >> place) & 1 == 0) return 0;
        if (committee.facts.outcome == AttemptOutcome.Failed || committee.scored == 0) return 1;
        return _deviates(seat) ? 0 : seat.agreement;
    }

    function _totalQuality(Attempt storage attempt) private view returns (uint256 total) {
        Committee storage committee = attempt.committee;
        uint256 seats = committee.facts.seats;
        for (uint256 i = 0; i < seats; ++i) total += _qualityOf(_seatOf(attempt, i), i, committee);
    }

    function _attestersOf(
        uint256 jobId,
        Current memory current,
        Attempt storage attempt,
        bytes32 digest,
        uint16 baseScore,
        uint16 score
    ) private view returns (uint256 winners) {
        uint256 seats = attempt.committee.facts.seats;
        for (uint256 i = 0; i < seats; ++i) {
            Seat storage seat = attempt.seats[i];
            if (!seat.attested) continue;
            bytes32 expected = Commitments.ofAttestation(
                jobId,
                current.round,
                current.attempt,
                digest,
                baseScore,
                score,
                seat.validator
            );
            if (_sealed[jobId][seat.validator].attestation == expected) winners |= 1 << i;
        }
    }

    function _requireMajority(uint256 jobId, uint256 attesters, uint256 voters) private pure {
        if (2 * attesters <= voters) revert ScoringPanel_NoMajority(jobId, attesters, voters / 2 + 1);
    }

    /// @dev Bits set.
    function _count(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits &= bits - 1) ++count;
    }

    // ---------------------------------------------------------------- checks

    /// @dev A vector has one number for the holdout where it is judged, one for each update, then the labels, and last
    /// the fingerprint; what stands behind the last of them is 0.
    function _requireShape(uint256 jobId, CommitteeFacts memory facts, uint256[] calldata vector) private pure {
        (uint256 words, uint256 labelWords) = (_scoreWords(facts), _labelWords(facts));
        bool fits = vector.length == words + labelWords + (facts.fingerprints ? 1 : 0);
        if (fits && facts.fingerprints) fits = vector[vector.length - 1] < NO_FINGERPRINT;
        uint256 lanes = (facts.updates + (facts.judgesHoldout ? 1 : 0)) % Consensus.LANES;
        if (fits && lanes != 0) fits = vector[words - 1] >> (16 * lanes) == 0;
        uint256 labels = facts.updates % Clusters.LANES;
        if (fits && labelWords != 0 && labels != 0) fits = vector[words + labelWords - 1] >> (8 * labels) == 0;
        if (!fits) revert ScoringPanel_BadScores(jobId, facts.updates);
    }

    function _requireScores(uint256 jobId, CommitteeFacts memory facts, uint256 baseScore, uint256 score) private pure {
        // Fingerprints and absolute scores are of common holdouts alone.
        uint256 highest = facts.fingerprints ? Payouts.BPS : 0;
        if (baseScore > highest || score > highest) revert ScoringPanel_BadAttestation(jobId, baseScore, score);
    }
}
