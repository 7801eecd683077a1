// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobLifecycle} from "../../../contracts/interfaces/IJobLifecycle.sol";
import {JobTerms, RoundTerms, Settlement} from "../../../contracts/types/JobTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {FuzzStage} from "./FuzzStage.sol";

/// @notice Every state-changing function of the lifecycle, with any arguments, at any time, by anyone.
contract JobLifecycleFuzz is FuzzStage {
    function testFuzz_JobLifecycle_cancelJob(uint256 seed) external sometime(seed) {
        (uint256 jobId, address caller) = (_jobId(seed), _anyone(seed));
        bool done = _try(address(lifecycle), caller, abi.encodeCall(lifecycle.cancelJob, (jobId)));
        require(!done || caller == lifecycle.jobOf(jobId).initiator, "cancelled by another");
    }

    function testFuzz_JobLifecycle_openRound(uint256 seed) external sometime(seed) {
        uint256 jobId = _jobId(seed);
        Phase before = lifecycle.phaseAt(jobId, _now());
        bool done = _try(address(lifecycle), _anyone(seed), abi.encodeCall(lifecycle.openRound, (jobId)));
        require(!done || before == Phase.Waiting, "opened out of turn");
    }

    function testFuzz_JobLifecycle_closeJob(uint256 seed) external sometime(seed) {
        uint256 jobId = _jobId(seed);
        Phase before = lifecycle.phaseAt(jobId, _now());
        bool done = _try(address(lifecycle), _anyone(seed), abi.encodeCall(lifecycle.closeJob, (jobId)));
        require(!done || before == Phase.Waiting || before == Phase.Draw, "closed out of turn");
    }

    function testFuzz_JobLifecycle_openHoldout(
        uint256 seed,
        bytes32 key,
        bytes32[] calldata proof
    ) external sometime(seed) {
        (uint256 jobId, address caller) = (_jobId(seed), _anyone(seed));
        bytes memory data = abi.encodeCall(lifecycle.openHoldout, (jobId, key, proof));
        bool due = _isHoldoutDue(jobId);
        due = due || (_isPublicShardDue(jobId) && lifecycle.phaseAt(jobId, _now()) == Phase.Training);
        bool known = seed % 4 != 0 && due;
        if (known) {
            uint256 shard = jobBook.shardOf(jobId, _isPublicShardDue(jobId) ? 0 : rounds.rosterOf(jobId).round);
            bytes32[] memory path = _holdoutProof(shard, jobBook.paramsOf(jobId).rounds + 1);
            data = abi.encodeCall(lifecycle.openHoldout, (jobId, _key(shard), path));
        }
        require(_try(address(lifecycle), caller, data) == known, "opened out of turn, by another key, or refused");
    }

    // ---------------------------------------------------------------- for the market or the panel only

    function testFuzz_JobLifecycle_post(uint256 seed, address initiator, bytes32 digest) external {
        JobTerms memory terms;
        RoundTerms memory roundTerms;
        bytes memory data = abi.encodeCall(lifecycle.post, (_jobId(seed), initiator, digest, terms, roundTerms));
        _refuses(address(lifecycle), _anyone(seed), data, IJobLifecycle.JobLifecycle_NotMarket.selector);
    }

    function testFuzz_JobLifecycle_recordSettlement(
        uint256 seed,
        uint256 attempt,
        Settlement calldata settled
    ) external {
        bytes memory data = abi.encodeCall(lifecycle.recordSettlement, (_jobId(seed), attempt, settled));
        _refuses(address(lifecycle), _anyone(seed), data, IJobLifecycle.JobLifecycle_NotPanel.selector);
    }

    function testFuzz_JobLifecycle_recordFailure(uint256 seed, uint256 a, uint256 b, uint256 c) external {
        bytes memory data = abi.encodeCall(lifecycle.recordFailure, (_jobId(seed), a, b, c));
        _refuses(address(lifecycle), _anyone(seed), data, IJobLifecycle.JobLifecycle_NotPanel.selector);
    }
}
