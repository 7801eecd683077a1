// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobRounds} from "../../../contracts/interfaces/IJobRounds.sol";
import {Settlement, Terms} from "../../../contracts/types/JobTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {FuzzStage} from "./FuzzStage.sol";

/// @notice Every state-changing function of the rounds, with any arguments, at any time, by anyone.
contract JobRoundsFuzz is FuzzStage {
    function testFuzz_JobRounds_cancelJob(uint256 seed) external sometime(seed) {
        (uint256 jobId, address caller) = (_jobId(seed), _anyone(seed));
        bool done = _try(address(rounds), caller, abi.encodeCall(rounds.cancelJob, (jobId)));
        require(!done || caller == rounds.jobOf(jobId).initiator, "cancelled by another");
    }

    function testFuzz_JobRounds_openRound(uint256 seed) external sometime(seed) {
        uint256 jobId = _jobId(seed);
        Phase before = rounds.phaseAt(jobId, _now());
        bool done = _try(address(rounds), _anyone(seed), abi.encodeCall(rounds.openRound, (jobId)));
        require(!done || before == Phase.Waiting, "opened out of turn");
    }

    function testFuzz_JobRounds_closeJob(uint256 seed) external sometime(seed) {
        uint256 jobId = _jobId(seed);
        Phase before = rounds.phaseAt(jobId, _now());
        bool done = _try(address(rounds), _anyone(seed), abi.encodeCall(rounds.closeJob, (jobId)));
        require(!done || before == Phase.Waiting || before == Phase.Draw, "closed out of turn");
    }

    function testFuzz_JobRounds_commitUpdate(uint256 seed, bytes32 commitment) external sometime(seed) {
        (uint256 jobId, address caller) = (_jobId(seed), _anyone(seed));
        Phase before = rounds.phaseAt(jobId, _now());
        bool done = _try(address(rounds), caller, abi.encodeCall(rounds.commitUpdate, (jobId, commitment)));
        require(!done || before == Phase.Training, "sealed out of turn");
        require(!done || rounds.memberOf(jobId, caller).since != 0, "sealed by no member");
    }

    function testFuzz_JobRounds_revealUpdate(uint256 seed, bytes32 digest, bytes32 salt) external sometime(seed) {
        (uint256 jobId, address caller) = (_jobId(seed), _anyone(seed));
        bool guess = seed % 4 == 0;
        if (!guess) {
            digest = keccak256(abi.encode("content", seed % 7));
            salt = keccak256(abi.encode("salt", jobId, uint256(rounds.jobOf(jobId).round), caller));
        }
        Phase before = rounds.phaseAt(jobId, _now());
        bool done = _try(address(rounds), caller, abi.encodeCall(rounds.revealUpdate, (jobId, digest, salt)));
        require(!done || (before == Phase.Disclosure && !guess), "opened what was not sealed");
    }

    function testFuzz_JobRounds_openHoldout(
        uint256 seed,
        bytes32 key,
        bytes32[] calldata proof
    ) external sometime(seed) {
        (uint256 jobId, address caller) = (_jobId(seed), _anyone(seed));
        bytes memory data = abi.encodeCall(rounds.openHoldout, (jobId, key, proof));
        bool known = seed % 4 != 0 && _hasShard(jobId);
        if (known) {
            uint256 shard = jobBook.shardOf(jobId, rounds.jobOf(jobId).round);
            bytes32[] memory path = _holdoutProof(shard, jobBook.paramsOf(jobId).rounds);
            data = abi.encodeCall(rounds.openHoldout, (jobId, _key(shard), path));
        }
        bool done = _try(address(rounds), caller, data);
        require(!done || (known && caller == rounds.jobOf(jobId).initiator), "opened by another, or another key");
    }

    // ---------------------------------------------------------------- for the market or the panel only

    function testFuzz_JobRounds_post(uint256 seed, address initiator, bytes32 digest) external {
        Terms memory terms;
        bytes memory data = abi.encodeCall(rounds.post, (_jobId(seed), initiator, digest, terms));
        _refuses(address(rounds), _anyone(seed), data, IJobRounds.JobRounds_NotMarket.selector);
    }

    function testFuzz_JobRounds_admit(uint256 seed, address trainer, bytes32[] calldata invitation) external {
        bytes memory data = abi.encodeCall(rounds.admit, (_jobId(seed), trainer, invitation));
        _refuses(address(rounds), _anyone(seed), data, IJobRounds.JobRounds_NotMarket.selector);
    }

    function testFuzz_JobRounds_dismiss(uint256 seed, uint256 who) external {
        bytes memory data = abi.encodeCall(rounds.dismiss, (_jobId(seed), _anyone(who)));
        _refuses(address(rounds), _anyone(seed), data, IJobRounds.JobRounds_NotMarket.selector);
    }

    function testFuzz_JobRounds_release(uint256 seed, uint256 who) external {
        bytes memory data = abi.encodeCall(rounds.release, (_jobId(seed), _anyone(who)));
        _refuses(address(rounds), _anyone(seed), data, IJobRounds.JobRounds_NotMarket.selector);
    }

    function testFuzz_JobRounds_recordSettlement(uint256 seed, uint256 attempt, Settlement calldata settled) external {
        bytes memory data = abi.encodeCall(rounds.recordSettlement, (_jobId(seed), attempt, settled));
        _refuses(address(rounds), _anyone(seed), data, IJobRounds.JobRounds_NotPanel.selector);
    }

    function testFuzz_JobRounds_recordFailure(uint256 seed, uint256 a, uint256 b, uint256 c) external {
        bytes memory data = abi.encodeCall(rounds.recordFailure, (_jobId(seed), a, b, c));
        _refuses(address(rounds), _anyone(seed), data, IJobRounds.JobRounds_NotPanel.selector);
    }

    function _hasShard(uint256 jobId) private view returns (bool has) {
        uint256 round = rounds.jobOf(jobId).round;
        (has, ) = address(jobBook).staticcall(abi.encodeCall(jobBook.shardOf, (jobId, round)));
    }
}
