// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Commitments} from "../../../contracts/libraries/Commitments.sol";
import {Holdout, Job, RoundFacts, RoundOutcome} from "../../../contracts/types/JobTypes.sol";
import {AttemptOutcome, Committee, CommitteeFacts, Seat} from "../../../contracts/types/PanelTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {Moods} from "./Moods.sol";

/// @notice What the handlers look up, and what they seal.
abstract contract Lens is Moods {
    int16 internal constant INVALID = type(int16).min;
    int16 internal constant UNAVAILABLE = INVALID + 1;

    /// @dev The last round that had opened when a validator enlisted.
    mapping(bytes32 place => uint256) internal enlistedIn;

    function _job(uint256 seed) internal view returns (uint256) {
        return 1 + _random(seed, "job", jobBook.jobCount());
    }

    /// @dev A job that is not closed, the first from a random one on; 0 where there is none.
    function _openJob(uint256 seed) internal view returns (uint256) {
        uint256 jobs = jobBook.jobCount();
        uint256 first = _random(seed, "job", jobs);
        for (uint256 i = 0; i < jobs; ++i) {
            uint256 jobId = 1 + ((first + i) % jobs);
            if (lifecycle.isOpen(jobId)) return jobId;
        }
        return 0;
    }

    function _trainer(uint256 seed) internal view returns (address) {
        return trainers[_random(seed, "trainer", trainers.length)];
    }

    function _validator(uint256 seed) internal view returns (address) {
        return validators[_random(seed, "validator", validators.length)];
    }

    function _token(uint256 seed) internal view returns (address) {
        return address(tokens[_random(seed, "token", tokens.length)]);
    }

    function _facts(uint256 jobId) internal view returns (RoundFacts memory facts) {
        facts = rounds.roundOf(jobId, rounds.rosterOf(jobId).round, _now());
    }

    function _outcome(uint256 jobId, uint256 round) internal view returns (RoundOutcome) {
        RoundFacts memory facts = rounds.roundOf(jobId, round, _now());
        return facts.outcome;
    }

    function _committee(uint256 jobId) internal view returns (Committee memory, Seat[] memory) {
        uint256 round = rounds.rosterOf(jobId).round;
        return panel.committeeOf(jobId, round, panel.attemptOf(jobId, round));
    }

    function _attempt(uint256 jobId) internal view returns (AttemptOutcome outcome, uint40 attestationEnd) {
        (Committee memory committee, ) = _committee(jobId);
        return (committee.facts.outcome, committee.facts.attestationEnd);
    }

    function _phase(uint256 jobId) internal view returns (Phase) {
        return lifecycle.phaseAt(jobId, _now());
    }

    /// @dev When a phase ends by itself; now where it has no end.
    function _phaseEnd(uint256 jobId, Phase phase) internal view returns (uint256) {
        if (phase == Phase.Training) return _facts(jobId).trainingEnd;
        if (phase == Phase.Disclosure) return _facts(jobId).disclosureEnd;
        if (_isHoldoutDue(jobId)) return _openingEnd(jobId);
        (Committee memory committee, ) = _committee(jobId);
        if (phase == Phase.Scoring) return committee.facts.scoringEnd;
        if (phase == Phase.Reveal) return committee.facts.revealEnd;
        if (phase == Phase.Attestation) return committee.facts.attestationEnd;
        return phase == Phase.Settlement ? committee.facts.attestationEnd + PERIOD : _now();
    }

    /// @dev A release that waits to be confirmed and paid.
    function _isPayPending(uint256 jobId) internal view returns (bool) {
        return lifecycle.jobOf(jobId).pendingRound != 0 && jobBook.paramsOf(jobId).milestones.length != 0;
    }

    /// @dev Notes that Disclosure gets a transaction, if it does so in its last third.
    function _noteLateDisclosure(uint256 jobId) internal {
        RoundFacts memory facts = _facts(jobId);
        uint256 round = rounds.rosterOf(jobId).round;
        _noteLate(jobId, round, 0, Phase.Disclosure, facts.trainingEnd, facts.disclosureEnd);
    }

    /// @dev What a release earns once its score is confirmed, and that it waits no longer.
    function _requirePaid(uint256 jobId, Job memory before, uint256 confirmed) internal view {
        Job memory job = lifecycle.jobOf(jobId);
        require(before.pendingRound == 0 || job.pendingRound != before.pendingRound, "I3: still to be confirmed");
        if (before.pendingRound == 0 || jobBook.paramsOf(jobId).milestones.length == 0) return;
        bool rises = confirmed > before.best && lifecycle.resultOf(jobId, before.pendingRound).totalWeight != 0;
        require(job.best == (rises ? confirmed : before.best), "I3: another score is confirmed");
        uint256 due = rises ? jobBook.earnedBetween(jobId, before.best, confirmed) : 0;
        require(market.trainersPayOf(jobId, before.pendingRound).earned == due, "I3: not what progress earns");
    }

    // ---------------------------------------------------------------- who is drawn

    /// @dev Whether a validator was enlisted when the last round with Training opened: a confirming round draws from
    /// the same list.
    function _isEarly(uint256 jobId, address validator) internal view returns (bool) {
        if (!committees.isEnlisted(jobId, validator)) return false;
        return enlistedIn[_place(jobId, 0, uint160(validator))] < _lastTraining(jobId);
    }

    function _lastTraining(uint256 jobId) private view returns (uint256 round) {
        round = rounds.rosterOf(jobId).round;
        while (round > 0) {
            RoundFacts memory facts = rounds.roundOf(jobId, round, 0);
            if (!facts.confirming) return round;
            --round;
        }
    }

    function _countEarly(uint256 jobId) internal view returns (uint256 count) {
        for (uint256 i = 0; i < validators.length; ++i) if (_isEarly(jobId, validators[i])) ++count;
    }

    /// @dev Who came after the round opened fills up a committee of three, where the others are too few for it.
    function _countDrawable(uint256 jobId) internal view returns (uint256) {
        (uint256 early, uint256 all) = (_countEarly(jobId), committees.enlistedCount(jobId));
        if (early >= 3) return early;
        return all < 3 ? all : 3;
    }

    // ---------------------------------------------------------------- what is sealed

    /// @dev What a round's honest committee attests.
    function _released(
        uint256 jobId,
        uint256 round
    ) internal view returns (bytes32 digest, uint16 baseScore, uint16 score) {
        uint256 seed = uint256(keccak256(abi.encode(jobId, round)));
        digest = keccak256(abi.encode("model", jobId, round));
        if (jobBook.paramsOf(jobId).holdout == Holdout.Own) return (digest, 0, 0);
        baseScore = uint16(_random(seed, "base", 10_001));
        score = uint16(_random(seed, "score", 10_001));
    }

    /// @dev At most five updates: one word. Most seats say the truth, some near it, some anything, some void. In one
    /// round of five half of the seats call the first update void, which it is not.
    function _vector(
        uint256 jobId,
        uint256 round,
        uint256 seat,
        CommitteeFacts memory facts,
        uint256 seed
    ) internal pure returns (uint256 word) {
        uint256 first = facts.judgesHoldout ? 1 : 0;
        // Most can read a sealed holdout, and now and then nobody can.
        if (facts.judgesHoldout && (seat + round) % 5 != 0 && jobId % 4 != 3) word = 1;
        bool bought = _random(uint256(keccak256(abi.encode(jobId, round))), "bought", 5) == 0;
        // Mostly nearly all are honest.
        uint256 mood = _random(seed, bytes32(300 + seat), _random(seed, "honest", 3) == 0 ? 10 : 40);
        for (uint256 j = 0; j < facts.updates; ++j) {
            int256 score = _truth(jobId, round, j, facts.confirming);
            if (bought && j == 0 && score == INVALID) score = 100;
            if (mood == 7) score += int256(_random(seed, bytes32(400 + seat + 10 * j), 9)) - 4;
            if (mood == 8) score = int256(_random(seed, bytes32(500 + seat + 10 * j), 60_000)) - 30_000;
            if (mood == 9) score = INVALID + int256(seat % 2);
            if (bought && j == 0 && seat < facts.seats / 2) score = INVALID + int256(round % 2);
            if (score < INVALID) score = INVALID;
            word |= uint256(uint16(int16(score))) << (16 * (j + first));
        }
    }

    /// @dev What an honest seat scores: an update's gain or void, or the accuracy of the released model, which now and
    /// then nobody can have measured.
    function _truth(uint256 jobId, uint256 round, uint256 j, bool confirming) private pure returns (int256) {
        uint256 truth = uint256(keccak256(abi.encode("truth", jobId, round, j)));
        if (truth % 7 == 0) return INVALID;
        return confirming ? int256(truth % 10_500) : int256(truth % 1_000) - 300;
    }

    /// @dev The scores; where weights are shared, a word of labels: now and then update 1 is a clone of update 0; on
    /// common holdouts a fingerprint.
    function _words(uint256 word, CommitteeFacts memory facts) internal pure returns (uint256[] memory words) {
        words = new uint256[](1 + (facts.clusters ? 1 : 0) + (facts.fingerprints ? 1 : 0));
        words[0] = word;
        if (facts.fingerprints) words[words.length - 1] = _fingerprintOf(word);
        if (!facts.clusters) return words;
        for (uint256 j = 0; j < facts.updates; ++j) words[1] |= (j == 1 && word % 2 == 0 ? 0 : j) << (8 * j);
    }

    /// @dev One in eight seats guesses.
    function _fingerprintOf(uint256 word) internal pure returns (uint256) {
        return word % 8 == 0 ? word & 0xffffff : 7;
    }

    function _salt(uint256 jobId, uint256 round, address actor) internal pure returns (bytes32) {
        return keccak256(abi.encode("salt", jobId, round, actor));
    }

    function _place(uint256 jobId, uint256 round, uint256 who) internal pure returns (bytes32) {
        return keccak256(abi.encode(jobId, round, who));
    }

    function _updateCommitment(
        uint256 jobId,
        uint256 round,
        address trainer,
        bytes32 digest
    ) internal view returns (bytes32) {
        bytes32 salt = _salt(jobId, round, trainer);
        return
            keccak256(
                abi.encode(
                    Commitments.UPDATE_TYPEHASH,
                    block.chainid,
                    address(rounds),
                    jobId,
                    round,
                    trainer,
                    digest,
                    salt
                )
            );
    }

    function _scoresCommitment(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        address validator,
        uint256[] memory words
    ) internal view returns (bytes32) {
        bytes32 salt = _salt(jobId, round, validator);
        return
            keccak256(
                abi.encode(
                    Commitments.SCORES_TYPEHASH,
                    block.chainid,
                    address(panel),
                    jobId,
                    round,
                    attempt,
                    validator,
                    words,
                    salt
                )
            );
    }

    function _attestation(
        uint256 jobId,
        uint256 round,
        address validator,
        bytes32 digest
    ) internal view returns (bytes32) {
        (, uint16 baseScore, uint16 score) = _released(jobId, round);
        return
            keccak256(
                abi.encode(
                    Commitments.ATTEST_TYPEHASH,
                    block.chainid,
                    address(panel),
                    jobId,
                    round,
                    panel.attemptOf(jobId, round),
                    digest,
                    baseScore,
                    score,
                    validator
                )
            );
    }
}
