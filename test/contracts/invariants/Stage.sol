// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommittees} from "../../../contracts/interfaces/ICommittees.sol";
import {IJobBook} from "../../../contracts/interfaces/IJobBook.sol";
import {IJobLifecycle} from "../../../contracts/interfaces/IJobLifecycle.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {IScoringPanel} from "../../../contracts/interfaces/IScoringPanel.sol";
import {IStakeRegistry} from "../../../contracts/interfaces/IStakeRegistry.sol";
import {ITrainingMarket} from "../../../contracts/interfaces/ITrainingMarket.sol";
import {ITrainingRounds} from "../../../contracts/interfaces/ITrainingRounds.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {Holdout, JobParams, Milestone, PayRule, RoundFacts, Scoring, Sync} from "../../../contracts/types/JobTypes.sol";
import {vm} from "../Vm.sol";
import {IToken} from "./IToken.sol";

/// @notice The deployed contracts, an honest token and one that now and then is not, and who acts on them.
/// @dev What is deployed is what Hardhat built, so that tests run the code that ships, and are themselves built
/// quickly.
abstract contract Stage {
    uint256 internal constant WEALTH = 1e30;
    uint256 internal constant THAW_PERIOD = 5_000;
    uint256 internal constant PERIOD = 100;
    /// @dev How long a job waits for a committee or for members: its six phases.
    uint256 internal constant GRACE = 6 * PERIOD;
    uint256 internal constant LIFETIME = 10_000;
    uint256 internal constant BPS = 10_000;

    ITrainingMarket public market;
    IJobLifecycle public lifecycle;
    ITrainingRounds public rounds;
    IJobBook public jobBook;
    ICommittees public committees;
    IScoringPanel public panel;
    IStakeRegistry public registry;
    IToken[2] public tokens;
    address[] internal initiators;
    address[] internal trainers;
    address[] internal validators;
    /// @dev All of the above, and one stranger.
    address[] internal actors;
    address internal stranger = address(uint160(0xffff));

    /// @dev The book names five addresses that are yet to come: this account's next five creations.
    function _deploy() internal {
        uint256 nonce = vm.getNonce(address(this));
        address[5] memory next;
        for (uint256 i = 0; i < 5; ++i) next[i] = vm.computeCreateAddress(address(this), nonce + 1 + i);
        IJobBook.Contracts memory contracts = IJobBook.Contracts({
            committees: ICommittees(next[0]),
            panel: IScoringPanel(next[1]),
            rounds: ITrainingRounds(next[2]),
            lifecycle: IJobLifecycle(next[3]),
            market: ITrainingMarket(next[4])
        });
        address book = _create("JobBook", abi.encode(contracts));
        _create("Committees", abi.encode(book, THAW_PERIOD));
        _create("ScoringPanel", abi.encode(book));
        _create("TrainingRounds", abi.encode(book));
        _create("JobLifecycle", abi.encode(book));
        market = ITrainingMarket(_create("TrainingMarket", abi.encode(book)));
        _find();
        tokens[0] = IToken(vm.deployCode("artifacts/contracts/mocks/TestToken.sol/TestToken.json"));
        tokens[1] = IToken(vm.deployCode("artifacts/contracts/mocks/HostileToken.sol/HostileToken.json"));
        for (uint256 i = 0; i < actors.length; ++i) {
            if (actors[i] != stranger) _endow(actors[i]);
        }
    }

    /// @dev The contracts behind the market, and who there is.
    function _find() internal {
        jobBook = market.BOOK();
        lifecycle = jobBook.LIFECYCLE();
        rounds = jobBook.ROUNDS();
        committees = jobBook.COMMITTEES();
        panel = jobBook.PANEL();
        registry = committees.REGISTRY();
        for (uint256 i = 0; i < 2; ++i) initiators.push(address(uint160(0x1000 + i)));
        for (uint256 i = 0; i < 4; ++i) trainers.push(address(uint160(0x2000 + i)));
        for (uint256 i = 0; i < 5; ++i) validators.push(address(uint160(0x3000 + i)));
        for (uint256 i = 0; i < initiators.length; ++i) actors.push(initiators[i]);
        for (uint256 i = 0; i < trainers.length; ++i) actors.push(trainers[i]);
        for (uint256 i = 0; i < validators.length; ++i) actors.push(validators[i]);
        actors.push(stranger);
    }

    function _create(string memory name, bytes memory constructorArguments) private returns (address) {
        string memory path = string.concat("artifacts/contracts/", name, ".sol/", name, ".json");
        return vm.deployCode(path, constructorArguments);
    }

    function _endow(address actor) private {
        for (uint256 i = 0; i < tokens.length; ++i) {
            tokens[i].mint(actor, WEALTH);
            vm.startPrank(actor);
            tokens[i].approve(address(market), type(uint256).max);
            tokens[i].approve(address(registry), type(uint256).max);
            vm.stopPrank();
        }
    }

    function _noPermit() internal pure returns (ILedger.Permit memory permit) {}

    // ---------------------------------------------------------------- jobs

    /// @dev Odd amounts, so that dust shows; two of three jobs have a price list, every third a sealed holdout.
    function _params(uint256 seed) internal view returns (JobParams memory params) {
        params.token = address(tokens[_random(seed, "token", 2)]);
        params.reward = uint128(1e18 + _random(seed, "reward", 1e18));
        params.bond = uint128(1 + _random(seed, "bond", 1e12));
        params.seatLock = uint128(1 + _random(seed, "lock", 1e12));
        params.validatorShareBps = uint16(1 + _random(seed, "share", 9_999));
        params.rounds = uint16(1 + _random(seed, "rounds", 8));
        params.maxUpdates = uint8(2 + _random(seed, "updates", 4));
        params.committeeSize = uint8(3 + _random(seed, "seats", 3));
        params.minTrainers = _random(seed, "minTrainers", 3) == 0 ? 3 : 1;
        params.minValidators = 3;
        params.deadline = uint40(_now() + 1_500 + _random(seed, "lifetime", LIFETIME));
        params.specDigest = keccak256("specification");
        params.modelDigest = keccak256("initial model");
        _setHoldout(params, seed);
        _setPay(params, seed);
        _setTimes(params, seed);
    }

    function _setHoldout(JobParams memory params, uint256 seed) private pure {
        bool priced = _random(seed, "priced", 3) > 0;
        params.scoring = priced ? Scoring.Contribution : Scoring.Accuracy;
        params.holdout = priced || _random(seed, "public", 2) == 0 ? Holdout.Public : Holdout.Own;
        if (_random(seed, "sealed", 3) == 0) {
            params.holdout = Holdout.Sealed;
            params.rounds = uint16(2 + (params.rounds & 1));
            uint256 least = (params.reward + params.rounds - 1) / params.rounds;
            params.initiatorBond = uint128(least + _random(seed, "initiatorBond", 1e12));
            params.holdoutRoot = _holdoutRoot(params.rounds + 1);
        }
        if (!priced) return;
        params.milestones = new Milestone[](3);
        params.milestones[0] = Milestone({scoreBps: 1_000, shareBps: 0});
        params.milestones[1] = Milestone({scoreBps: 4_000, shareBps: 7_001});
        params.milestones[2] = Milestone({scoreBps: 9_000, shareBps: 10_000});
    }

    function _setPay(JobParams memory params, uint256 seed) private pure {
        bool common = params.holdout != Holdout.Own;
        params.payRule = _random(seed, "payRule", 4) == 0 ? PayRule.Equal : PayRule.ByGain;
        params.acceptance = int16(int256(_random(seed, "acceptance", 40))) - 20;
        params.clusters = common && _random(seed, "clusters", 2) == 0;
        params.tolerance = uint16(1 + _random(seed, "tolerance", 50));
        params.maxTolerance = params.tolerance + (common ? 0 : 100);
        params.noiseFloor = uint16(_random(seed, "noise", 20));
        params.margin = uint16(_random(seed, "margin", 50));
        params.targetScore = common && _random(seed, "target", 4) == 0 ? 8_000 : 0;
    }

    function _setTimes(JobParams memory params, uint256 seed) private pure {
        params.sync = Sync(1 + _random(seed, "sync", 3));
        params.retrainQuota = uint8(1 + _random(seed, "quota", 3));
        if (params.sync == Sync.Bap) {
            params.releaseBps = uint16(1 + _random(seed, "releaseBps", 10_000));
            params.releaseCount = uint8(_random(seed, "releaseCount", 5));
        }
        params.minTraining = uint32(_random(seed, "minTraining", 50));
        params.trainingPeriod = uint32(PERIOD);
        params.disclosurePeriod = uint32(PERIOD);
        params.scoringPeriod = uint32(PERIOD);
        params.revealPeriod = uint32(PERIOD);
        params.attestationPeriod = uint32(PERIOD);
        params.settlementPeriod = uint32(PERIOD);
    }

    // ---------------------------------------------------------------- sealed holdouts of three or four shards

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
        return _node(_node(_leaf(0), _leaf(1)), _secondHalf(shards));
    }

    function _holdoutProof(uint256 shard, uint256 shards) internal pure returns (bytes32[] memory proof) {
        bool isAlone = shard == 2 && shards == 3;
        proof = new bytes32[](isAlone ? 1 : 2);
        if (!isAlone) proof[0] = _leaf(shard ^ 1);
        proof[proof.length - 1] = shard < 2 ? _secondHalf(shards) : _node(_leaf(0), _leaf(1));
    }

    function _secondHalf(uint256 shards) private pure returns (bytes32) {
        return shards == 3 ? _leaf(2) : _node(_leaf(2), _leaf(3));
    }

    function _isPublicShardDue(uint256 jobId) internal view returns (bool) {
        return _isSealed(jobId) && !rounds.rosterOf(jobId).publicShardOpen;
    }

    /// @dev The initiator has to open the round's shard now.
    function _isHoldoutDue(uint256 jobId) internal view returns (bool) {
        if (!_isSealed(jobId) || lifecycle.phaseAt(jobId, _now()) != Phase.Draw) return false;
        RoundFacts memory facts = _newestFacts(jobId);
        return !facts.confirming && !facts.holdoutOpen && _now() < _openingEnd(jobId);
    }

    function _openingEnd(uint256 jobId) internal view returns (uint256) {
        return _newestFacts(jobId).disclosureEnd + PERIOD;
    }

    function _isSealed(uint256 jobId) private view returns (bool) {
        return jobBook.paramsOf(jobId).holdout == Holdout.Sealed;
    }

    function _newestFacts(uint256 jobId) private view returns (RoundFacts memory) {
        return rounds.roundOf(jobId, rounds.rosterOf(jobId).round, _now());
    }

    // ---------------------------------------------------------------- time and chance

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
