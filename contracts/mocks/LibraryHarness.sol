// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clusters} from "../libraries/Clusters.sol";
import {Commitments} from "../libraries/Commitments.sol";
import {Consensus} from "../libraries/Consensus.sol";
import {Draw} from "../libraries/Draw.sol";
import {Payouts} from "../libraries/Payouts.sol";
import {Phases} from "../libraries/Phases.sol";
import {Trust} from "../libraries/Trust.sol";
import {Milestone, PayRule, RoundFacts, RoundOutcome, RoundTerms, Sync} from "../types/JobTypes.sol";
import {CommitteeFacts} from "../types/PanelTypes.sol";
import {Phase} from "../types/Phase.sol";

/// @title LibraryHarness
/// @notice Runs the libraries on many vectors a call, to compare them with their mirrors in `sdk/`.
contract LibraryHarness {
    struct VerdictCase {
        /// Up to 32 scores, 16 a word.
        uint256[2] packedScores;
        uint8 seats;
        uint8 committeeSize;
        uint16 tolerance;
        uint16 maxTolerance;
        bool common;
    }

    struct Verdict {
        int256 median;
        uint256 band;
        bool decided;
        /// One for each score, 16 a word; zero where the median is void.
        uint256[2] agreements;
        uint256 quorum;
    }

    struct ShareCase {
        uint256 budget;
        uint256[] amounts;
        uint256[] weights;
    }

    struct EarnedCase {
        Milestone[] curve;
        uint256 reward;
        uint256 scoreBps;
        uint256 margin;
    }

    struct SlashCase {
        uint256 lock;
        uint256 inBand;
        uint256 numeric;
        int16 score;
        uint16 noiseFloor;
        int16 acceptance;
        PayRule payRule;
    }

    struct ClusterCase {
        uint256[] reports;
        uint256 own;
        uint256[] weights;
        uint256[] labels;
    }

    struct ClusterResult {
        uint256 label;
        uint256[] weights;
    }

    struct TrustCase {
        Trust.Share share;
        Trust.Pool pool;
        int16 gainBps;
        uint256 sum;
    }

    struct TrustResult {
        uint256 value;
        uint256 grown;
        Trust.Pool rebased;
    }

    struct DrawCase {
        bytes32 seed;
        uint256 length;
        uint256 count;
    }

    struct CommitmentCase {
        uint256 jobId;
        uint256 round;
        uint256 attempt;
        address sender;
        bytes32 digest;
        uint16 baseScore;
        uint16 score;
        uint256 updates;
        uint256[] packedScores;
        bytes32 salt;
    }

    struct CommitmentResult {
        bytes32 update;
        bytes32 scores;
        bytes32 attestation;
        /// The scores, unpacked and packed again.
        uint256[] packed;
        /// Sum of each score times its place, from 1.
        int256 checksum;
    }

    struct PhaseCase {
        /// Start of Training, ends of Training and Disclosure.
        uint40[3] roundTimes;
        /// Time of the draw, ends of Scoring, Reveal and Attestation.
        uint40[4] committeeTimes;
        /// Expected, of those committed, committed, revealed; committed in the committee.
        uint8[5] counts;
        bool closedEarly;
        bool extended;
        bool confirming;
        RoundOutcome outcome;
        Sync sync;
        uint24 minTraining;
        uint24 trainingPeriod;
        uint8 releaseCount;
        uint16 releaseBps;
        uint256 time;
    }

    struct PhaseResult {
        Phase round;
        Phase committee;
        /// Ends of Training and Disclosure as of the time, and of Training if it closes early.
        uint256 trainingEnd;
        uint256 disclosureEnd;
        uint256 earlyEnd;
    }

    function verdicts(VerdictCase[] calldata cases) external pure returns (Verdict[] memory results) {
        results = new Verdict[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) results[i] = _verdict(cases[i]);
    }

    function shares(ShareCase[] memory cases) external pure returns (uint256[][] memory amounts) {
        amounts = new uint256[][](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            Payouts.addShares(cases[i].amounts, cases[i].budget, cases[i].weights);
            amounts[i] = cases[i].amounts;
        }
    }

    function earned(EarnedCase[] memory cases) external pure returns (uint256[] memory amounts) {
        amounts = new uint256[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            EarnedCase memory one = cases[i];
            amounts[i] = Payouts.earnedAt(one.curve, one.reward, one.scoreBps, one.margin);
        }
    }

    function slashes(
        SlashCase[] memory cases
    ) external pure returns (uint256[] memory amounts, uint256[] memory weights) {
        amounts = new uint256[](cases.length);
        weights = new uint256[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            SlashCase memory one = cases[i];
            amounts[i] = Payouts.deviationSlash(one.lock, one.inBand, one.numeric);
            Payouts.WeightRule memory rule = Payouts.WeightRule(one.payRule, one.acceptance, one.noiseFloor);
            weights[i] = Payouts.weightOf(one.score, rule);
        }
    }

    function trust(TrustCase[] memory cases) external pure returns (TrustResult[] memory results) {
        results = new TrustResult[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            TrustCase memory one = cases[i];
            uint256 value = Trust.valueOf(one.share, one.pool);
            results[i].value = value;
            results[i].grown = Trust.grown(value, one.gainBps, one.pool.total);
            results[i].rebased = Trust.rebased(one.pool, one.sum);
        }
    }

    function draws(DrawCase[] memory cases) external pure returns (uint256[][] memory places) {
        places = new uint256[][](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            places[i] = Draw.places(cases[i].seed, cases[i].length, cases[i].count);
        }
    }

    function commitments(CommitmentCase[] calldata cases) external view returns (CommitmentResult[] memory results) {
        results = new CommitmentResult[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) results[i] = _commitment(cases[i]);
    }

    function phases(PhaseCase[] calldata cases) external pure returns (PhaseResult[] memory results) {
        results = new PhaseResult[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            PhaseCase calldata one = cases[i];
            RoundTerms memory terms = _terms(one);
            RoundFacts memory round = Phases.asOf(_roundFacts(one), terms, one.time);
            results[i].round = Phases.ofRound(round, one.time);
            results[i].committee = Phases.ofCommittee(_committee(one), one.time);
            (results[i].trainingEnd, results[i].disclosureEnd) = (round.trainingEnd, round.disclosureEnd);
            results[i].earlyEnd = Phases.earlyEnd(round, terms, one.time);
        }
    }

    function clusters(ClusterCase[] memory cases) external pure returns (ClusterResult[] memory results) {
        results = new ClusterResult[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            ClusterCase memory one = cases[i];
            results[i].label = Clusters.pluralityOf(one.reports, one.own);
            Clusters.share(one.weights, one.labels);
            results[i].weights = one.weights;
        }
    }

    function _terms(PhaseCase calldata one) private pure returns (RoundTerms memory terms) {
        (terms.sync, terms.minTraining, terms.trainingPeriod) = (one.sync, one.minTraining, one.trainingPeriod);
        (terms.releaseCount, terms.releaseBps) = (one.releaseCount, one.releaseBps);
    }

    function _roundFacts(PhaseCase calldata one) private pure returns (RoundFacts memory facts) {
        (facts.trainingStart, facts.trainingEnd) = (one.roundTimes[0], one.roundTimes[1]);
        facts.disclosureEnd = one.roundTimes[2];
        (facts.expected, facts.expectedCommitted) = (one.counts[0], one.counts[1]);
        (facts.committed, facts.revealed) = (one.counts[2], one.counts[3]);
        (facts.closedEarly, facts.extended) = (one.closedEarly, one.extended);
        (facts.confirming, facts.outcome) = (one.confirming, one.outcome);
    }

    function _committee(PhaseCase calldata one) private pure returns (CommitteeFacts memory committee) {
        (committee.drawnAt, committee.scoringEnd) = (one.committeeTimes[0], one.committeeTimes[1]);
        (committee.revealEnd, committee.attestationEnd) = (one.committeeTimes[2], one.committeeTimes[3]);
        committee.committed = one.counts[4];
    }

    function _verdict(VerdictCase calldata one) private pure returns (Verdict memory result) {
        int256[] memory scores = new int256[](one.seats);
        for (uint256 i = 0; i < scores.length; ++i) {
            scores[i] = Consensus.unpack(one.packedScores[i / Consensus.LANES], i);
        }
        Consensus.Verdict memory verdict = Consensus.verdictOf(
            scores,
            Consensus.Rule(one.committeeSize, one.tolerance, one.maxTolerance, one.common)
        );
        (result.median, result.band, result.decided) = (verdict.median, verdict.band, verdict.decided);
        result.quorum = Consensus.quorum(one.committeeSize);
        if (Consensus.isVoid(result.median)) return result;
        for (uint256 i = 0; i < scores.length; ++i) {
            uint256 word = i / Consensus.LANES;
            int256 score = Consensus.unpack(one.packedScores[word], i);
            // Cast: agreements are at most 10,000.
            int256 agreement = int256(Consensus.agreement(score, result.median, result.band));
            result.agreements[word] = Consensus.pack(result.agreements[word], i, agreement);
        }
    }

    function _commitment(CommitmentCase calldata one) private view returns (CommitmentResult memory result) {
        result.update = Commitments.ofUpdate(one.jobId, one.round, one.sender, one.digest, one.salt);
        result.scores = Commitments.ofScores(one.jobId, one.round, one.attempt, one.sender, one.packedScores, one.salt);
        result.attestation = Commitments.ofAttestation(
            one.jobId,
            one.round,
            one.attempt,
            one.digest,
            one.baseScore,
            one.score,
            one.sender
        );
        (result.packed, result.checksum) = _repack(one.packedScores, one.updates);
    }

    function _repack(
        uint256[] calldata words,
        uint256 count
    ) private pure returns (uint256[] memory packed, int256 checksum) {
        packed = new uint256[](words.length);
        for (uint256 i = 0; i < count; ++i) {
            uint256 word = i / Consensus.LANES;
            int256 score = Consensus.unpack(words[word], i);
            packed[word] = Consensus.pack(packed[word], i, score);
            checksum += score * int256(i + 1);
        }
    }
}
