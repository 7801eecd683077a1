// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {ITrainingMarket} from "../../../contracts/interfaces/ITrainingMarket.sol";
import {JobParams} from "../../../contracts/types/JobTypes.sol";
import {FuzzStage} from "./FuzzStage.sol";

/// @notice Every state-changing function of the market, with any arguments, at any time, by anyone.
contract TrainingMarketFuzz is FuzzStage {
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
        bytes memory data = abi.encodeCall(market.joinJob, (jobId, invitation, permit));
        bool joined = _tryWith(jobBook.tokenOf(jobId), address(market), caller, data);
        require(!(member && joined), "joined twice");
    }

    function testFuzz_TrainingMarket_leaveJob(uint256 seed) external sometime(seed) {
        _try(address(market), _anyone(seed), abi.encodeCall(market.leaveJob, (_jobId(seed))));
    }

    function testFuzz_TrainingMarket_releaseBond(uint256 seed, uint256 who) external sometime(seed) {
        _try(address(market), _anyone(seed), abi.encodeCall(market.releaseBond, (_jobId(seed), _anyone(who))));
    }

    function testFuzz_TrainingMarket_creditTrainers(uint256 seed, uint64 indices) external sometime(seed) {
        (uint256 jobId, uint256 round) = (_jobId(seed), _round(seed));
        bytes memory data = abi.encodeCall(market.creditTrainers, (jobId, round, indices));
        uint256 earned = market.balanceIn(jobBook.tokenOf(jobId), _pot("earned", jobId));
        _try(address(market), _anyone(seed), data);
        uint256 left = market.balanceIn(jobBook.tokenOf(jobId), _pot("earned", jobId));
        require(left <= earned, "a credit filled the pot");
        // Again: nothing more.
        _try(address(market), _anyone(seed), data);
        require(market.balanceIn(jobBook.tokenOf(jobId), _pot("earned", jobId)) == left, "credited twice");
    }

    function testFuzz_TrainingMarket_creditValidators(
        uint256 seed,
        uint256 attempt,
        uint32 seats
    ) external sometime(seed) {
        (uint256 jobId, uint256 round) = (_jobId(seed), _round(seed));
        if (seed % 8 != 0) attempt = attempt % 4;
        bytes memory data = abi.encodeCall(market.creditValidators, (jobId, round, attempt, seats));
        _try(address(market), _anyone(seed), data);
        uint256 left = market.balanceIn(jobBook.tokenOf(jobId), _pot("earned", jobId));
        _try(address(market), _anyone(seed), data);
        require(market.balanceIn(jobBook.tokenOf(jobId), _pot("earned", jobId)) == left, "credited twice");
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
        _refuses(address(market), _anyone(seed), data, ITrainingMarket.TrainingMarket_NotRounds.selector);
    }

    function testFuzz_TrainingMarket_earnValidators(uint256 seed, uint256 a, uint256 b, bool c) external {
        bytes memory data = abi.encodeCall(market.earnValidators, (_jobId(seed), a, b, c));
        _refuses(address(market), _anyone(seed), data, ITrainingMarket.TrainingMarket_NotRounds.selector);
    }

    function testFuzz_TrainingMarket_payRevealers(uint256 seed, uint256 a, uint256 b, uint256 c, uint256 d) external {
        bytes memory data = abi.encodeCall(market.payRevealers, (_jobId(seed), a, b, c, d));
        _refuses(address(market), _anyone(seed), data, ITrainingMarket.TrainingMarket_NotRounds.selector);
    }

    function testFuzz_TrainingMarket_burnInitiatorBond(uint256 seed) external {
        bytes memory data = abi.encodeCall(market.burnInitiatorBond, (_jobId(seed)));
        _refuses(address(market), _anyone(seed), data, ITrainingMarket.TrainingMarket_NotRounds.selector);
    }

    function testFuzz_TrainingMarket_refund(uint256 seed, address initiator) external {
        bytes memory data = abi.encodeCall(market.refund, (_jobId(seed), initiator));
        _refuses(address(market), _anyone(seed), data, ITrainingMarket.TrainingMarket_NotRounds.selector);
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
