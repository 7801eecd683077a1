// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingRounds} from "../../../contracts/interfaces/ITrainingRounds.sol";
import {RoundFacts, RoundOutcome, RoundTerms} from "../../../contracts/types/JobTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {FuzzStage} from "./FuzzStage.sol";

/// @notice Every state-changing function of the rounds, with any arguments, at any time, by anyone.
contract TrainingRoundsFuzz is FuzzStage {
    function testFuzz_TrainingRounds_commitUpdate(uint256 seed, bytes32 commitment) external sometime(seed) {
        (uint256 jobId, address caller) = (_jobId(seed), _anyone(seed));
        Phase before = lifecycle.phaseAt(jobId, _now());
        bool done = _try(address(rounds), caller, abi.encodeCall(rounds.commitUpdate, (jobId, commitment)));
        require(!done || before == Phase.Training, "sealed out of turn");
        require(!done || rounds.memberOf(jobId, caller).since != 0, "sealed by no member");
    }

    function testFuzz_TrainingRounds_revealUpdate(uint256 seed, bytes32 digest, bytes32 salt) external sometime(seed) {
        (uint256 jobId, address caller) = (_jobId(seed), _anyone(seed));
        bool guess = seed % 4 == 0;
        if (!guess) {
            digest = keccak256(abi.encode("content", seed % 7));
            salt = keccak256(abi.encode("salt", jobId, uint256(rounds.rosterOf(jobId).round), caller));
        }
        Phase before = lifecycle.phaseAt(jobId, _now());
        bool done = _try(address(rounds), caller, abi.encodeCall(rounds.revealUpdate, (jobId, digest, salt)));
        require(!done || (before == Phase.Disclosure && !guess), "opened what was not sealed");
    }

    /// @notice In the last third of Disclosure, or of the time in which a shard is due, once, whoever calls;
    /// and never at another time.
    function testFuzz_TrainingRounds_witness(uint256 seed) external sometime(seed) {
        uint256 jobId = _jobId(seed);
        RoundFacts memory facts = rounds.roundOf(jobId, rounds.rosterOf(jobId).round, _now());
        bool isOpening = _isHoldoutDue(jobId);
        bool isDisclosure = lifecycle.phaseAt(jobId, _now()) == Phase.Disclosure;
        uint256 end = isOpening ? _openingEnd(jobId) : facts.disclosureEnd;
        bool due = isOpening ? !facts.openingWitnessed : isDisclosure && !facts.witnessed;
        due = due && 3 * (end - _now()) <= PERIOD;
        bytes memory data = abi.encodeCall(rounds.witness, (jobId));
        require(_try(address(rounds), _anyone(seed), data) == due, "witnessed out of turn, or refused in turn");
        require(!_try(address(rounds), _anyone(seed), data), "witnessed twice");
    }

    // ---------------------------------------------------------------- for the market only

    function testFuzz_TrainingRounds_admit(uint256 seed, address trainer, bytes32[] calldata invitation) external {
        bytes memory data = abi.encodeCall(rounds.admit, (_jobId(seed), trainer, invitation));
        _refuses(address(rounds), _anyone(seed), data, ITrainingRounds.TrainingRounds_NotMarket.selector);
    }

    function testFuzz_TrainingRounds_dismiss(uint256 seed, uint256 who) external {
        bytes memory data = abi.encodeCall(rounds.dismiss, (_jobId(seed), _anyone(who)));
        _refuses(address(rounds), _anyone(seed), data, ITrainingRounds.TrainingRounds_NotMarket.selector);
    }

    function testFuzz_TrainingRounds_release(uint256 seed, uint256 who) external {
        bytes memory data = abi.encodeCall(rounds.release, (_jobId(seed), _anyone(who)));
        _refuses(address(rounds), _anyone(seed), data, ITrainingRounds.TrainingRounds_NotMarket.selector);
    }

    // ---------------------------------------------------------------- for the lifecycle only

    function testFuzz_TrainingRounds_post(uint256 seed) external {
        RoundTerms memory terms;
        _onlyLifecycle(seed, abi.encodeCall(rounds.post, (_jobId(seed), terms)));
    }

    function testFuzz_TrainingRounds_finishEmptyRound(uint256 seed) external {
        _onlyLifecycle(seed, abi.encodeCall(rounds.finishEmptyRound, (_jobId(seed))));
    }

    function testFuzz_TrainingRounds_open(uint256 seed) external {
        _onlyLifecycle(seed, abi.encodeCall(rounds.open, (_jobId(seed))));
    }

    function testFuzz_TrainingRounds_openHoldout(uint256 seed) external {
        _onlyLifecycle(seed, abi.encodeCall(rounds.openHoldout, (_jobId(seed))));
    }

    function testFuzz_TrainingRounds_openConfirming(uint256 seed) external {
        _onlyLifecycle(seed, abi.encodeCall(rounds.openConfirming, (_jobId(seed))));
    }

    function testFuzz_TrainingRounds_finish(uint256 seed, uint256 attempt) external {
        RoundOutcome outcome = RoundOutcome(seed % 4);
        _onlyLifecycle(seed, abi.encodeCall(rounds.finish, (_jobId(seed), outcome, attempt)));
    }

    function _onlyLifecycle(uint256 seed, bytes memory data) private {
        _refuses(address(rounds), _anyone(seed), data, ITrainingRounds.TrainingRounds_NotLifecycle.selector);
    }
}
