// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {ITrainingRounds} from "./interfaces/ITrainingRounds.sol";
import {ITrustBook} from "./interfaces/ITrustBook.sol";
import {Consensus} from "./libraries/Consensus.sol";
import {Trust} from "./libraries/Trust.sol";

/// @title TrustBook
/// @notice FLoBC's trust of each job's members (Ghanem et al. 2021, arXiv 2112.11873).
contract TrustBook is ITrustBook {
    /// @inheritdoc ITrustBook
    ITrainingRounds public immutable override ROUNDS;
    /// @inheritdoc ITrustBook
    IScoringPanel public immutable override PANEL;

    mapping(uint256 jobId => Trust.Pool) private _pools;
    mapping(uint256 jobId => mapping(address trainer => Trust.Share)) private _shares;

    modifier onlyRounds() {
        if (msg.sender != address(ROUNDS)) revert TrustBook_NotRounds(msg.sender);
        _;
    }

    /// @param rounds The only caller that writes.
    /// @param panel Where consensus stands.
    constructor(ITrainingRounds rounds, IScoringPanel panel) {
        ROUNDS = rounds;
        PANEL = panel;
    }

    /// @inheritdoc ITrustBook
    function admit(uint256 jobId, address trainer, bool founder) external override onlyRounds {
        Trust.Pool storage pool = _pools[jobId];
        uint192 value = founder ? uint192(Trust.FOUNDER) : 0;
        pool.total += value;
        ++pool.members;
        _shares[jobId][trainer] = Trust.Share(value, pool.epoch, pool.scale);
    }

    /// @inheritdoc ITrustBook
    function dismiss(uint256 jobId, address trainer, bool running) external override onlyRounds {
        Trust.Pool storage pool = _pools[jobId];
        // Cast: values are below 2^136.
        uint192 value = uint192(Trust.valueOf(_shares[jobId][trainer], pool));
        if (running) pool.departed += value;
        else pool.total -= value;
        --pool.members;
        delete _shares[jobId][trainer];
    }

    /// @inheritdoc ITrustBook
    function grow(uint256 jobId, uint256 round, uint256 attempt) external override onlyRounds {
        address[] memory trainers = ROUNDS.trainersOf(jobId, round);
        uint64 copies = ROUNDS.copiesOf(jobId, round);
        int16[] memory consensus = PANEL.consensusOf(jobId, round, attempt);
        Trust.Pool memory pool = _pools[jobId];
        uint256 sum = pool.total - pool.departed;
        for (uint256 j = 0; j < trainers.length; ++j) {
            if ((copies >> j) & 1 == 1 || consensus[j] == Consensus.UNAVAILABLE) continue;
            address trainer = trainers[j];
            uint256 value = Trust.valueOf(_shares[jobId][trainer], pool);
            uint256 next = Trust.grown(value, consensus[j], pool.total);
            // Cast: at most value + total, below 2^136.
            _shares[jobId][trainer] = Trust.Share(uint192(next), pool.epoch, pool.scale);
            sum = sum - value + next;
        }
        _pools[jobId] = Trust.rebased(pool, sum);
    }

    /// @inheritdoc ITrustBook
    function forgetDeparted(uint256 jobId) external override onlyRounds {
        Trust.Pool storage pool = _pools[jobId];
        pool.total -= pool.departed;
        pool.departed = 0;
    }

    /// @inheritdoc ITrustBook
    function trustOf(
        uint256 jobId,
        address trainer
    ) external view override returns (Trust.Pool memory pool, uint256 value) {
        pool = _pools[jobId];
        value = ROUNDS.memberOf(jobId, trainer).since == 0 ? 0 : Trust.valueOf(_shares[jobId][trainer], pool);
    }
}
