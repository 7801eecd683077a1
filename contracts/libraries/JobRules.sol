// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IJobBook} from "../interfaces/IJobBook.sol";
import {Holdout, JobParams, JobTerms, Milestone, PayRule, RoundTerms, Scoring, Sync} from "../types/JobTypes.sol";

/// @title JobRules
/// @notice Which parameters a job may have. Pure but for the time that the deadline is held against.
library JobRules {
    uint256 internal constant MAX_UPDATES = 64;
    uint256 internal constant MIN_SEATS = 3;
    uint256 internal constant MAX_SEATS = 31;
    uint256 internal constant MAX_ROUNDS = 10_000;
    uint256 internal constant MIN_MILESTONES = 2;
    uint256 internal constant MAX_MILESTONES = 8;
    uint256 internal constant BPS = 10_000;
    /// @notice Longest phase, in seconds: no silence holds money longer.
    uint256 internal constant MAX_PERIOD = 30 days;
    /// @notice Latest deadline, in seconds from the posting.
    uint256 internal constant MAX_DURATION = 3 * 365 days;
    /// @notice Largest amount of one kind, in the token's smallest unit: two of them share a slot in {ValidatorsPay}.
    uint256 internal constant MAX_AMOUNT = 1 << 111;

    /// @notice Reverts with the name of a parameter that is out of range, the first in this order.
    /// @param time Now, in seconds.
    function check(JobParams calldata params, uint256 time) internal pure {
        _require(params.token != address(0), "token");
        _require(_within(params.reward, 1, MAX_AMOUNT), "reward");
        _require(_within(params.bond, 1, MAX_AMOUNT), "bond");
        _require(_within(params.seatLock, 1, MAX_AMOUNT), "seatLock");
        _require(_within(params.validatorShareBps, 1, BPS - 1), "validatorShareBps");

        _require(_within(params.rounds, 1, MAX_ROUNDS), "rounds");
        // An initiator that lets a shard fail saves at most one round's pay: its bond is no less.
        bool isSealed = params.holdout == Holdout.Sealed;
        uint256 leastBond = isSealed ? Math.ceilDiv(params.reward, params.rounds) : 0;
        _require(_within(params.initiatorBond, leastBond, isSealed ? MAX_AMOUNT : 0), "initiatorBond");
        _require(_within(params.maxUpdates, 1, MAX_UPDATES), "maxUpdates");
        _require(_within(params.committeeSize, MIN_SEATS, MAX_SEATS), "committeeSize");
        _require(params.minTrainers > 0, "minTrainers");
        // Otherwise whoever enlists first, and opens the round at once, is most of a small committee.
        bool canSeatMost = 2 * uint256(params.minValidators) > params.committeeSize;
        _require(params.minValidators >= MIN_SEATS && canSeatMost, "minValidators");

        _require(params.holdout != Holdout.None, "holdout");
        _require(params.scoring != Scoring.None, "scoring");
        _require(params.payRule != PayRule.None, "payRule");
        _require(!params.clusters || params.holdout != Holdout.Own, "clusters");
        _require(params.sync != Sync.None, "sync");
        _require(params.retrainQuota > 0, "retrainQuota");
        bool barrierless = params.sync == Sync.Bap;
        _require(params.releaseCount <= (barrierless ? MAX_UPDATES : 0), "releaseCount");
        _require(_within(params.releaseBps, barrierless ? 1 : 0, barrierless ? BPS : 0), "releaseBps");
        _require(params.tolerance > 0, "tolerance");
        // On a common holdout honest scores agree to the unit: nothing widens the band.
        bool isWide = params.holdout == Holdout.Own && params.maxTolerance > params.tolerance;
        _require(isWide || params.maxTolerance == params.tolerance, "maxTolerance");
        _require(params.noiseFloor <= BPS, "noiseFloor");
        _require(params.margin <= BPS, "margin");
        _require(params.targetScore <= (params.holdout == Holdout.Own ? 0 : BPS), "targetScore");

        _require(_within(params.trainingPeriod, 1, MAX_PERIOD), "trainingPeriod");
        _require(params.minTraining <= params.trainingPeriod, "minTraining");
        _require(_within(params.disclosurePeriod, 1, MAX_PERIOD), "disclosurePeriod");
        _require(_within(params.scoringPeriod, 1, MAX_PERIOD), "scoringPeriod");
        _require(_within(params.revealPeriod, 1, MAX_PERIOD), "revealPeriod");
        _require(_within(params.attestationPeriod, 1, MAX_PERIOD), "attestationPeriod");
        _require(_within(params.settlementPeriod, 1, MAX_PERIOD), "settlementPeriod");
        _require(_within(params.deadline, time + 1, time + MAX_DURATION), "deadline");

        _require(_isPriceList(params), "milestones");
        _require(params.specDigest != 0, "specDigest");
        _require(params.modelDigest != 0, "modelDigest");
        _require((params.holdoutRoot != 0) == isSealed, "holdoutRoot");
        // With one round the initiator would know which shard it is judged by.
        _require(!isSealed || params.rounds >= 2, "rounds");
    }

    /// @notice Returns what the life of a job needs of checked parameters.
    function jobTermsOf(JobParams calldata params) internal pure returns (JobTerms memory) {
        return
            JobTerms({
                rounds: params.rounds,
                minTrainers: params.minTrainers,
                minValidators: params.minValidators,
                targetScore: params.targetScore,
                deadline: params.deadline,
                priced: params.milestones.length != 0,
                sealedHoldout: params.holdout == Holdout.Sealed
            });
    }

    /// @notice Returns what training rounds need of checked parameters.
    function roundTermsOf(JobParams calldata params) internal pure returns (RoundTerms memory) {
        // Casts: periods are at most 30 days.
        return
            RoundTerms({
                minTraining: uint24(params.minTraining),
                trainingPeriod: uint24(params.trainingPeriod),
                disclosurePeriod: uint24(params.disclosurePeriod),
                sync: params.sync,
                retrainQuota: params.retrainQuota,
                releaseCount: params.releaseCount,
                releaseBps: params.releaseBps,
                maxUpdates: params.maxUpdates,
                sealedHoldout: params.holdout == Holdout.Sealed,
                keepsTrust: params.scoring == Scoring.Accuracy
            });
    }

    /// @dev A price list begins at share 0, ends at 10,000 and rises, strictly in the score. It needs scores on which
    /// all agree.
    function _isPriceList(JobParams calldata params) private pure returns (bool) {
        Milestone[] calldata curve = params.milestones;
        uint256 length = curve.length;
        if (length == 0) return true;
        if (!_within(length, MIN_MILESTONES, MAX_MILESTONES)) return false;
        if (params.scoring != Scoring.Contribution || params.holdout == Holdout.Own) return false;
        Milestone calldata left = curve[0];
        if (left.shareBps != 0) return false;
        for (uint256 i = 1; i < length; ++i) {
            Milestone calldata right = curve[i];
            if (right.scoreBps <= left.scoreBps || right.shareBps < left.shareBps) return false;
            left = right;
        }
        return left.shareBps == BPS && left.scoreBps <= BPS;
    }

    function _within(uint256 value, uint256 lowest, uint256 highest) private pure returns (bool) {
        return value >= lowest && value <= highest;
    }

    function _require(bool holds, bytes32 name) private pure {
        if (!holds) revert IJobBook.JobBook_BadParameter(name);
    }
}
