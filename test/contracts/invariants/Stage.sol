// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobBook} from "../../../contracts/JobBook.sol";
import {JobRounds} from "../../../contracts/JobRounds.sol";
import {ScoringPanel} from "../../../contracts/ScoringPanel.sol";
import {StakeRegistry} from "../../../contracts/StakeRegistry.sol";
import {TrainingMarket} from "../../../contracts/TrainingMarket.sol";
import {TestToken} from "../../../contracts/mocks/TestToken.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {ITrainingMarket} from "../../../contracts/interfaces/ITrainingMarket.sol";
import {IJobRounds} from "../../../contracts/interfaces/IJobRounds.sol";
import {Holdout, JobParams, Milestone, PayRule, Scoring, Sync} from "../../../contracts/types/JobTypes.sol";
import {vm} from "../Vm.sol";

/// @notice The deployed contracts, two tokens, and who acts on them.
abstract contract Stage {
    uint256 internal constant WEALTH = 1e30;
    uint256 internal constant THAW_PERIOD = 5_000;
    uint256 internal constant PERIOD = 100;
    uint256 internal constant LIFETIME = 20_000;

    TrainingMarket public market;
    JobRounds public rounds;
    JobBook public jobBook;
    ScoringPanel public panel;
    StakeRegistry public registry;
    TestToken[2] public tokens;
    address[] internal initiators;
    address[] internal trainers;
    address[] internal validators;
    /// @dev All of the above, and one stranger.
    address[] internal actors;
    address internal stranger = address(uint160(0xffff));

    function _deploy() internal {
        uint256 nonce = vm.getNonce(address(this));
        panel = new ScoringPanel(ITrainingMarket(_created(nonce + 2)), IJobRounds(_created(nonce + 1)), THAW_PERIOD);
        rounds = new JobRounds(panel);
        market = new TrainingMarket(rounds);
        jobBook = JobBook(address(rounds.BOOK()));
        registry = StakeRegistry(address(panel.REGISTRY()));
        tokens[0] = new TestToken();
        tokens[1] = new TestToken();
        for (uint256 i = 0; i < 2; ++i) _addTo(initiators, 0x1000 + i);
        for (uint256 i = 0; i < 4; ++i) _addTo(trainers, 0x2000 + i);
        for (uint256 i = 0; i < 5; ++i) _addTo(validators, 0x3000 + i);
        actors.push(stranger);
    }

    /// @dev The address of what this contract creates with a nonce from 1 to 127.
    function _created(uint256 nonce) private view returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), uint8(nonce))))));
    }

    function _noPermit() internal pure returns (ILedger.Permit memory permit) {}

    function _addTo(address[] storage group, uint256 number) private {
        address actor = address(uint160(number));
        group.push(actor);
        actors.push(actor);
        for (uint256 i = 0; i < tokens.length; ++i) {
            tokens[i].mint(actor, WEALTH);
            vm.startPrank(actor);
            tokens[i].approve(address(market), type(uint256).max);
            tokens[i].approve(address(registry), type(uint256).max);
            vm.stopPrank();
        }
    }

    /// @dev Odd amounts, so that dust shows; every second job has a price list.
    function _params(uint256 seed) internal view returns (JobParams memory params) {
        bool milestones = seed % 2 == 0;
        params.token = address(tokens[(seed >> 8) % 2]);
        params.reward = uint128(1e18 + ((seed >> 16) % 1e18));
        params.bond = uint128(1 + ((seed >> 24) % 1e12));
        params.seatLock = uint128(1 + ((seed >> 32) % 1e12));
        params.validatorShareBps = uint16(1 + ((seed >> 40) % 9_999));
        params.rounds = uint16(1 + ((seed >> 48) % 3));
        params.maxUpdates = uint8(2 + ((seed >> 56) % 4));
        params.committeeSize = uint8(3 + ((seed >> 64) % 3));
        params.minTrainers = 1;
        params.minValidators = 3;
        params.holdout = milestones || seed % 3 == 0 ? Holdout.Public : Holdout.Own;
        if (seed % 5 == 0) {
            params.holdout = Holdout.Sealed;
            params.initiatorBond = uint128(1 + ((seed >> 112) % 1e12));
            params.holdoutRoot = _holdoutRoot(params.rounds);
        }
        params.payRule = (seed >> 120) % 4 == 0 ? PayRule.Equal : PayRule.ByGain;
        params.acceptance = int16(int256((seed >> 128) % 40)) - 20;
        params.clusters = params.holdout != Holdout.Own && (seed >> 136) % 2 == 0;
        params.sync = Sync(1 + ((seed >> 144) % 3));
        params.retrainQuota = uint8(1 + ((seed >> 152) % 3));
        if (params.sync == Sync.Bap) {
            params.releaseBps = uint16(1 + ((seed >> 160) % 10_000));
            params.releaseCount = uint8((seed >> 176) % 5);
        }
        params.scoring = milestones ? Scoring.Contribution : Scoring.Accuracy;
        params.tolerance = uint16(1 + ((seed >> 72) % 50));
        params.maxTolerance = params.tolerance + 100;
        params.noiseFloor = uint16((seed >> 80) % 20);
        params.margin = uint16((seed >> 88) % 50);
        params.targetScore = params.holdout != Holdout.Own && (seed >> 96) % 4 == 0 ? 8_000 : 0;
        params.minTraining = uint32((seed >> 104) % 50);
        params.trainingPeriod = uint32(PERIOD);
        params.disclosurePeriod = uint32(PERIOD);
        params.scoringPeriod = uint32(PERIOD);
        params.revealPeriod = uint32(PERIOD);
        params.attestationPeriod = uint32(PERIOD);
        params.settlementPeriod = uint32(PERIOD);
        params.deadline = uint40(_now() + LIFETIME);
        params.specDigest = keccak256("specification");
        params.modelDigest = keccak256("initial model");
        if (!milestones) return params;
        params.milestones = new Milestone[](3);
        params.milestones[0] = Milestone({scoreBps: 1_000, shareBps: 0});
        params.milestones[1] = Milestone({scoreBps: 4_000, shareBps: 7_001});
        params.milestones[2] = Milestone({scoreBps: 9_000, shareBps: 10_000});
    }

    // ---------------------------------------------------------------- sealed holdouts of at most three shards

    function _key(uint256 shard) internal pure returns (bytes32) {
        return keccak256(abi.encode("key", shard));
    }

    function _leaf(uint256 shard) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(shard, _key(shard)))));
    }

    function _node(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function _holdoutRoot(uint256 shards) private pure returns (bytes32) {
        if (shards == 1) return _leaf(0);
        bytes32 pair = _node(_leaf(0), _leaf(1));
        return shards == 2 ? pair : _node(pair, _leaf(2));
    }

    function _holdoutProof(uint256 shard, uint256 shards) internal pure returns (bytes32[] memory proof) {
        if (shards == 1) return proof;
        proof = new bytes32[](shards == 3 && shard != 2 ? 2 : 1);
        proof[0] = shard == 2 ? _node(_leaf(0), _leaf(1)) : _leaf(1 - shard);
        if (proof.length == 2) proof[1] = _leaf(2);
    }

    /// @dev Under viaIR `block.timestamp` may be read once a function; a cheatcode is read each time.
    function _now() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    function _pass(uint256 time) internal {
        if (time > _now()) vm.warp(time);
        vm.roll(vm.getBlockNumber() + 1);
    }

    function _random(uint256 seed, bytes32 purpose, uint256 below) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, purpose))) % below;
    }

    function _pot(bytes memory name, uint256 jobId) internal pure returns (bytes32) {
        return keccak256(abi.encode(string(name), jobId));
    }
}
