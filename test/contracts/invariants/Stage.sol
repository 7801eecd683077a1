// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ScoringPanel} from "../../../contracts/ScoringPanel.sol";
import {StakeRegistry} from "../../../contracts/StakeRegistry.sol";
import {TrainingMarket} from "../../../contracts/TrainingMarket.sol";
import {TestToken} from "../../../contracts/mocks/TestToken.sol";
import {Holdout, JobParams, Milestone, Scoring} from "../../../contracts/types/JobTypes.sol";
import {vm} from "../Vm.sol";

/// @notice The deployed contracts, two tokens, and who acts on them.
abstract contract Stage {
    uint256 internal constant WEALTH = 1e30;
    uint256 internal constant THAW_PERIOD = 5_000;
    uint256 internal constant PERIOD = 100;
    uint256 internal constant LIFETIME = 20_000;

    TrainingMarket public market;
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
        market = new TrainingMarket(THAW_PERIOD);
        panel = ScoringPanel(address(market.PANEL()));
        registry = StakeRegistry(address(market.REGISTRY()));
        tokens[0] = new TestToken();
        tokens[1] = new TestToken();
        for (uint256 i = 0; i < 2; ++i) _addTo(initiators, 0x1000 + i);
        for (uint256 i = 0; i < 4; ++i) _addTo(trainers, 0x2000 + i);
        for (uint256 i = 0; i < 5; ++i) _addTo(validators, 0x3000 + i);
        actors.push(stranger);
    }

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
        params.scoring = milestones ? Scoring.Contribution : Scoring.Accuracy;
        params.tolerance = uint16(1 + ((seed >> 72) % 50));
        params.maxTolerance = params.tolerance + 100;
        params.noiseFloor = uint16((seed >> 80) % 20);
        params.margin = uint16((seed >> 88) % 50);
        params.targetScore = params.holdout == Holdout.Public && (seed >> 96) % 4 == 0 ? 8_000 : 0;
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
