// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Job, JobParams} from "../../../contracts/types/JobTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {vm} from "../Vm.sol";
import {Action} from "./Action.sol";
import {Lens} from "./Lens.sol";

/// @notice What initiators do: each action where the rules allow it, and what must come of it.
abstract contract InitiatorActions is Lens {
    function _post(address initiator, JobParams memory params) internal {
        bytes memory data = abi.encodeCall(market.postJob, (params, _noPermit()));
        _cheatFirst(params.token, address(market), initiator, data);
        _doPost(initiator, params);
    }

    function _doPost(
        address initiator,
        JobParams memory params
    ) private actsApart(Action.Post, params.token, initiator) {
        uint256 jobId = jobBook.jobCount() + 1;
        uint256 amount = uint256(params.reward) + params.initiatorBond;
        books[jobId] = JobBooks({
            funded: params.reward,
            paid: 0,
            refunded: 0,
            bonds: 0,
            initiatorBond: params.initiatorBond,
            token: params.token,
            bond: params.bond,
            seatLock: params.seatLock
        });
        deposited[address(market)][params.token] += amount;

        vm.prank(initiator);
        require(market.postJob(params, _noPermit()) == jobId, "not the next job");

        require(lifecycle.jobOf(jobId).initiator == initiator, "not its initiator");
        require(_phase(jobId) == Phase.Waiting, "does not wait");
        require(market.balanceIn(params.token, _pot("reward", jobId)) == params.reward, "I3: reward");
    }

    function _cancel(uint256 jobId) internal {
        Job memory job = lifecycle.jobOf(jobId);
        if (!job.closed && !job.cancelled) _doCancel(jobId, job.initiator);
    }

    function _doCancel(uint256 jobId, address initiator) private acts(Action.Cancel, jobId, initiator) {
        vm.prank(initiator);
        lifecycle.cancelJob(jobId);

        require(lifecycle.jobOf(jobId).cancelled, "not cancelled");
        require(_phase(jobId) != Phase.Waiting, "still waits");
    }

    function _openHoldout(uint256 jobId) internal {
        bool isPublic = _isPublicShardDue(jobId);
        if (isPublic ? _phase(jobId) != Phase.Training : !_isHoldoutDue(jobId)) return;
        _doOpenHoldout(jobId, isPublic ? 0 : rounds.rosterOf(jobId).round, lifecycle.jobOf(jobId).initiator);
    }

    function _doOpenHoldout(
        uint256 jobId,
        uint256 round,
        address initiator
    ) private acts(Action.OpenHoldout, jobId, initiator) {
        uint256 shard = jobBook.shardOf(jobId, round);
        for (uint256 i = 0; i < round; ++i) {
            require(jobBook.holdoutKeyOf(jobId, i) == 0 || jobBook.shardOf(jobId, i) != shard, "a shard twice");
        }
        bytes32[] memory proof = _holdoutProof(shard, jobBook.paramsOf(jobId).rounds + 1);
        vm.prank(initiator);
        lifecycle.openHoldout(jobId, _key(shard), proof);

        require(round == 0 ? rounds.rosterOf(jobId).publicShardOpen : _facts(jobId).holdoutOpen, "not open");
        require(jobBook.holdoutKeyOf(jobId, round) == _key(shard), "another key");
        require(jobBook.shardOf(jobId, round) == shard, "another shard");
    }
}
