// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {ITrainingMarket} from "../../../contracts/interfaces/ITrainingMarket.sol";
import {JobParams} from "../../../contracts/types/JobTypes.sol";
import {Dues} from "../invariants/Dues.sol";
import {FuzzStage} from "./FuzzStage.sol";

/// @notice Every state-changing function of the market, with any arguments, at any time, by anyone.
contract TrainingMarketFuzz is FuzzStage {
    /// @dev No job has more, confirming rounds included.
    uint256 private constant ROUNDS = 9;

    function testFuzz_TrainingMarket_postJob(
        uint256 seed,
        uint8 field,
        uint256 value,
        ILedger.Permit calldata permit
    ) external sometime(seed) {
        JobParams memory params = _params(seed);
        _spoil(params, field, value);
        uint256 jobs = jobBook.jobCount();
        bytes memory data = abi.encodeCall(market.postJob, (params, permit));
        bool posted = _tryWith(params.token, address(market), _anyone(seed), data);
        require(jobBook.jobCount() == jobs + (posted ? 1 : 0), "not one job more");
    }

    function testFuzz_TrainingMarket_joinJob(
        uint256 seed,
        bytes32[] calldata invitation,
        ILedger.Permit calldata permit
    ) external sometime(seed) {
        (uint256 jobId, address caller) = (_jobId(seed), _anyone(seed));
        bool member = rounds.memberOf(jobId, caller).since != 0;
        bytes32 terms = _terms(seed, jobId);
        bytes memory data = abi.encodeCall(market.joinJob, (jobId, terms, invitation, permit));
        bool joined = _tryWith(jobBook.tokenOf(jobId), address(market), caller, data);
        require(!(member && joined), "joined twice");
        require(!joined || terms == jobBook.termsOf(jobId), "joined for other terms");
    }

    function testFuzz_TrainingMarket_leaveJob(uint256 seed) external sometime(seed) {
        _try(address(market), _anyone(seed), abi.encodeCall(market.leaveJob, (_jobId(seed))));
    }

    function testFuzz_TrainingMarket_releaseBond(uint256 seed, uint256 who) external sometime(seed) {
        _try(address(market), _anyone(seed), abi.encodeCall(market.releaseBond, (_jobId(seed), _anyone(who))));
    }

    /// @notice Any places, and any places again: each is paid once, exactly what is due.
    function testFuzz_TrainingMarket_creditTrainers(uint256 seed, uint64 some, uint64 more) external sometime(seed) {
        (uint256 jobId, uint256 round) = (_jobId(seed), _round(seed));
        if (seed % 8 != 0) (jobId, round) = _find(seed, _earnedTrainers);
        uint256 credited = market.trainersPayOf(jobId, round).credited;
        (address[] memory payees, uint256[] memory amounts) = Dues.ofTrainers(market, jobId, round);
        bytes memory data = abi.encodeCall(market.creditTrainers, (jobId, round, some));
        _credits(jobId, data, some & ~credited, payees, amounts);
        data = abi.encodeCall(market.creditTrainers, (jobId, round, more));
        _credits(jobId, data, more & ~(credited | some), payees, amounts);
    }

    function testFuzz_TrainingMarket_creditValidators(
        uint256 seed,
        uint256 attempt,
        uint32 some,
        uint32 more
    ) external sometime(seed) {
        (uint256 jobId, uint256 round) = (_jobId(seed), _round(seed));
        attempt = seed % 8 == 0 ? attempt : 1 + (attempt % 2);
        if (seed % 8 != 0) (jobId, round) = _find(seed, attempt == 1 ? _earnedFirst : _earnedSecond);
        uint256 credited = market.validatorsPayOf(jobId, round, attempt).credited;
        (address[] memory payees, uint256[] memory amounts) = Dues.ofValidators(market, jobId, round, attempt);
        bytes memory data = abi.encodeCall(market.creditValidators, (jobId, round, attempt, some));
        _credits(jobId, data, some & ~credited, payees, amounts);
        data = abi.encodeCall(market.creditValidators, (jobId, round, attempt, more));
        _credits(jobId, data, more & ~(credited | some), payees, amounts);
    }

    function testFuzz_TrainingMarket_withdraw(uint256 seed, uint256 which, address to) external sometime(seed) {
        address caller = _anyone(seed);
        if (seed % 4 != 0) to = caller;
        // A withdrawal to a ledger would be a donation.
        if (to == address(market) || to == address(registry)) to = caller;
        address token = _token(which);
        uint256 claim = market.withdrawable(token, caller);
        bool out = _try(address(market), caller, abi.encodeCall(market.withdraw, (token, to)), caller);
        require(market.withdrawable(token, caller) == (out ? 0 : claim), "withdrawn in part");
    }

    // ---------------------------------------------------------------- for the rounds only

    function testFuzz_TrainingMarket_earnTrainers(uint256 seed, uint256 a, uint256 b, uint256 c) external {
        bytes memory data = abi.encodeCall(market.earnTrainers, (_jobId(seed), a, b, c));
        _refuses(address(market), _anyone(seed), data, ITrainingMarket.TrainingMarket_NotLifecycle.selector);
    }

    function testFuzz_TrainingMarket_earnValidators(uint256 seed, uint256 a, uint256 b, bool c) external {
        bytes memory data = abi.encodeCall(market.earnValidators, (_jobId(seed), a, b, c));
        _refuses(address(market), _anyone(seed), data, ITrainingMarket.TrainingMarket_NotLifecycle.selector);
    }

    function testFuzz_TrainingMarket_payRevealers(uint256 seed, uint256 a, uint256 b, uint256 c, uint256 d) external {
        bytes memory data = abi.encodeCall(market.payRevealers, (_jobId(seed), a, b, c, d));
        _refuses(address(market), _anyone(seed), data, ITrainingMarket.TrainingMarket_NotLifecycle.selector);
    }

    function testFuzz_TrainingMarket_burnInitiatorBond(uint256 seed) external {
        bytes memory data = abi.encodeCall(market.burnInitiatorBond, (_jobId(seed)));
        _refuses(address(market), _anyone(seed), data, ITrainingMarket.TrainingMarket_NotLifecycle.selector);
    }

    function testFuzz_TrainingMarket_refund(uint256 seed, address initiator) external {
        bytes memory data = abi.encodeCall(market.refund, (_jobId(seed), initiator));
        _refuses(address(market), _anyone(seed), data, ITrainingMarket.TrainingMarket_NotLifecycle.selector);
    }

    // ---------------------------------------------------------------- credits

    /// @dev Where nothing was earned it fails, and pays nobody; where nothing is due it pays nobody.
    function _credits(
        uint256 jobId,
        bytes memory data,
        uint256 due,
        address[] memory payees,
        uint256[] memory amounts
    ) private {
        address token = jobBook.tokenOf(jobId);
        uint256[] memory claims = new uint256[](actors.length);
        for (uint256 i = 0; i < claims.length; ++i) claims[i] = market.withdrawable(token, actors[i]);
        bool done = _try(address(market), stranger, data);
        require(done == (payees.length > 0), "credits where nothing was earned, or not where something was");
        for (uint256 i = 0; i < claims.length; ++i) {
            claims[i] += Dues.sumFor(actors[i], payees, amounts, due);
            require(market.withdrawable(token, actors[i]) == claims[i], "I3: paid another amount");
        }
    }

    /// @dev A round that earned something, the first from a random one on.
    function _find(
        uint256 seed,
        function(uint256, uint256) view returns (uint256) earned
    ) private view returns (uint256 jobId, uint256 round) {
        uint256 jobs = jobBook.jobCount();
        uint256 first = _random(seed, "found", jobs * ROUNDS);
        for (uint256 i = 0; i < jobs * ROUNDS; ++i) {
            uint256 place = (first + i) % (jobs * ROUNDS);
            (jobId, round) = (1 + place / ROUNDS, 1 + (place % ROUNDS));
            if (earned(jobId, round) > 0) return (jobId, round);
        }
        revert("the stage has no round that earned anything");
    }

    function _earnedTrainers(uint256 jobId, uint256 round) private view returns (uint256) {
        return market.trainersPayOf(jobId, round).earned;
    }

    function _earnedFirst(uint256 jobId, uint256 round) private view returns (uint256) {
        return market.validatorsPayOf(jobId, round, 1).quality;
    }

    function _earnedSecond(uint256 jobId, uint256 round) private view returns (uint256) {
        return market.validatorsPayOf(jobId, round, 2).quality;
    }

    /// @dev Puts any value into one parameter; half of the time into none.
    function _spoil(JobParams memory params, uint8 field, uint256 value) private pure {
        if (field == 0) params.reward = uint128(value);
        if (field == 1) params.bond = uint128(value);
        if (field == 2) params.seatLock = uint128(value);
        if (field == 3) params.validatorShareBps = uint16(value);
        if (field == 4) params.rounds = uint16(value);
        if (field == 5) params.maxUpdates = uint8(value);
        if (field == 6) params.committeeSize = uint8(value);
        if (field == 7) params.initiatorBond = uint128(value);
        if (field == 8) params.trainingPeriod = uint32(value);
        if (field == 9) params.deadline = uint40(value);
        if (field == 10) params.tolerance = uint16(value);
        if (field == 11) params.maxTolerance = uint16(value);
        if (field == 12) params.minTrainers = uint16(value);
        if (field == 13) params.minValidators = uint16(value);
        if (field == 14) params.targetScore = uint16(value);
        if (field == 15) params.token = address(uint160(value));
        if (field == 16 && params.milestones.length > 0) params.milestones[0].shareBps = uint16(value);
        if (field == 17 && params.milestones.length > 1) params.milestones[1].scoreBps = uint16(value);
    }
}
