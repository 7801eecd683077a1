// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ledger} from "./Ledger.sol";
import {IJobBook} from "./interfaces/IJobBook.sol";
import {IJobLifecycle} from "./interfaces/IJobLifecycle.sol";
import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {ITrainingMarket} from "./interfaces/ITrainingMarket.sol";
import {ITrainingRounds} from "./interfaces/ITrainingRounds.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {Departure, JobParams, JobTerms, RoundTerms, TrainersPay, ValidatorsPay} from "./types/JobTypes.sol";

/// @title TrainingMarket
/// @notice The money of jobs: rewards, bonds, and who is paid what.
/// @dev A job's money stands in four pots: its reward not yet earned, what was earned and waits to be credited, the
/// trainers' bonds and the initiator's. Nothing is owned, wired or upgraded after the deployment.
contract TrainingMarket is Ledger, ITrainingMarket {
    /// @inheritdoc ITrainingMarket
    IJobLifecycle public immutable override LIFECYCLE;
    /// @inheritdoc ITrainingMarket
    ITrainingRounds public immutable override ROUNDS;
    /// @inheritdoc ITrainingMarket
    IScoringPanel public immutable override PANEL;
    /// @inheritdoc ITrainingMarket
    IJobBook public immutable override BOOK;

    mapping(uint256 jobId => mapping(uint256 round => TrainersPay)) private _trainersPay;
    mapping(uint256 jobId => mapping(uint256 round => mapping(uint256 attempt => ValidatorsPay)))
        private _validatorsPay;

    modifier onlyLifecycle() {
        if (msg.sender != address(LIFECYCLE)) revert TrainingMarket_NotLifecycle(msg.sender);
        _;
    }

    /// @param book Names this contract's address.
    constructor(IJobBook book) {
        book.requireNamed(address(book.MARKET()));
        BOOK = book;
        LIFECYCLE = book.LIFECYCLE();
        ROUNDS = book.ROUNDS();
        PANEL = book.PANEL();
    }

    // ---------------------------------------------------------------- initiator

    /// @inheritdoc ITrainingMarket
    function postJob(JobParams calldata params, Permit calldata permit) external override returns (uint256 jobId) {
        uint256 amount = uint256(params.reward) + params.initiatorBond;
        _usePermit(params.token, amount, permit);
        JobTerms memory terms;
        RoundTerms memory roundTerms;
        // The book notes the parameters, and calls nobody.
        // slither-disable-next-line reentrancy-benign,reentrancy-events
        (jobId, terms, roundTerms) = BOOK.register(params, msg.sender);
        // Lifecycle and rounds note a job, and call nobody else.
        // slither-disable-next-line reentrancy-benign,reentrancy-events
        LIFECYCLE.post(jobId, msg.sender, params.modelDigest, terms, roundTerms);
        _book(params.token, _rewardPot(jobId), params.reward);
        _book(params.token, _initiatorPot(jobId), params.initiatorBond);
        emit JobPosted(jobId, msg.sender, params.token, params.reward, params.specDigest, params.modelDigest);

        _collect(params.token, amount);
    }

    // ---------------------------------------------------------------- trainers

    /// @inheritdoc ITrainingMarket
    function joinJob(
        uint256 jobId,
        bytes32 terms,
        bytes32[] calldata invitation,
        Permit calldata permit
    ) external override {
        BOOK.requireTerms(jobId, terms);
        (address token, uint256 bond) = BOOK.bondOf(jobId);
        _usePermit(token, bond, permit);
        // The rounds call book, panel and trust book; none of these calls a token.
        // slither-disable-next-line reentrancy-benign,reentrancy-events
        ROUNDS.admit(jobId, msg.sender, invitation);
        _book(token, _bondPot(jobId), bond);
        _collect(token, bond);
    }

    /// @inheritdoc ITrainingMarket
    function leaveJob(uint256 jobId) external override {
        _returnBond(jobId, msg.sender, ROUNDS.dismiss(jobId, msg.sender));
    }

    // ---------------------------------------------------------------- anyone

    /// @inheritdoc ITrainingMarket
    function releaseBond(uint256 jobId, address trainer) external override {
        _returnBond(jobId, trainer, ROUNDS.release(jobId, trainer));
    }

    /// @inheritdoc ITrainingMarket
    function creditTrainers(uint256 jobId, uint256 round, uint64 indices) external override {
        TrainersPay storage pay = _trainersPay[jobId][round];
        uint256 due = indices & ~pay.credited;
        pay.credited |= indices;
        if (pay.earned == 0) revert TrainingMarket_NothingEarned(jobId, round);

        address[] memory trainers = ROUNDS.trainersOf(jobId, round);
        uint256[] memory weights = LIFECYCLE.weightsOf(jobId, round, pay.attempt);
        uint256[] memory amounts = new uint256[](weights.length);
        Payouts.addShares(amounts, pay.earned, weights);
        (address token, bytes32 pot) = (BOOK.tokenOf(jobId), _earnedPot(jobId));
        for (uint256 j = 0; j < amounts.length; ++j) {
            if ((due >> j) & 1 == 0) continue;
            _credit(token, pot, trainers[j], amounts[j]);
            emit UpdatePaid(jobId, round, trainers[j], j, amounts[j]);
        }
    }

    /// @inheritdoc ITrainingMarket
    function creditValidators(uint256 jobId, uint256 round, uint256 attempt, uint32 seats) external override {
        ValidatorsPay storage pay = _validatorsPay[jobId][round][attempt];
        uint256 due = seats & ~pay.credited;
        pay.credited |= seats;
        if (pay.quality + pay.attestation == 0) revert TrainingMarket_NothingEarned(jobId, round);

        (address[] memory validators, uint256[] memory amounts) = PANEL.sharesOf(
            jobId,
            round,
            attempt,
            pay.quality,
            pay.attestation
        );
        (address token, bytes32 pot) = (BOOK.tokenOf(jobId), _earnedPot(jobId));
        for (uint256 i = 0; i < validators.length; ++i) {
            if ((due >> i) & 1 == 0) continue;
            _credit(token, pot, validators[i], amounts[i]);
            emit SeatPaid(jobId, round, validators[i], attempt, i, amounts[i]);
        }
    }

    // ---------------------------------------------------------------- the lifecycle

    /// @inheritdoc ITrainingMarket
    function earnTrainers(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        uint256 amount
    ) external override onlyLifecycle {
        // Casts: a part of the reward, at most 2^111; 1 or 2.
        _trainersPay[jobId][round] = TrainersPay(uint128(amount), 0, uint8(attempt));
        _move(BOOK.tokenOf(jobId), _rewardPot(jobId), _earnedPot(jobId), amount);
        emit TrainersEarned(jobId, round, amount);
    }

    /// @inheritdoc ITrainingMarket
    function earnValidators(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        bool anyQuality
    ) external override onlyLifecycle {
        uint256 budget = BOOK.validatorsBudgetOf(jobId);
        // An earlier failed attempt was paid out of the same budget.
        if (attempt == 2) budget -= _validatorsPay[jobId][round][1].quality;
        uint256 forAttestation = budget / 4;
        _earn(jobId, round, attempt, anyQuality ? budget - forAttestation : 0, forAttestation);
    }

    /// @inheritdoc ITrainingMarket
    function payRevealers(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        uint256 seats,
        uint256 revealed
    ) external override onlyLifecycle {
        // Rounded down seat by seat: seats get the same, and what is left goes back to the initiator.
        // slither-disable-next-line divide-before-multiply
        _earn(jobId, round, attempt, revealed * (BOOK.validatorsBudgetOf(jobId) / (2 * seats)), 0);
    }

    /// @inheritdoc ITrainingMarket
    function burnInitiatorBond(uint256 jobId) external override onlyLifecycle {
        address token = BOOK.tokenOf(jobId);
        _burn(token, _initiatorPot(jobId), _balanceOf(token, _initiatorPot(jobId)));
    }

    /// @inheritdoc ITrainingMarket
    function refund(uint256 jobId, address initiator) external override onlyLifecycle {
        address token = BOOK.tokenOf(jobId);
        uint256 rest = _balanceOf(token, _rewardPot(jobId));
        _credit(token, _rewardPot(jobId), initiator, rest);
        _credit(token, _initiatorPot(jobId), initiator, _balanceOf(token, _initiatorPot(jobId)));
        emit JobClosed(jobId, rest);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc ITrainingMarket
    function trainersPayOf(uint256 jobId, uint256 round) external view override returns (TrainersPay memory) {
        return _trainersPay[jobId][round];
    }

    /// @inheritdoc ITrainingMarket
    function validatorsPayOf(
        uint256 jobId,
        uint256 round,
        uint256 attempt
    ) external view override returns (ValidatorsPay memory) {
        return _validatorsPay[jobId][round][attempt];
    }

    // ---------------------------------------------------------------- internal

    function _returnBond(uint256 jobId, address trainer, Departure departure) private {
        if (departure == Departure.Later) return;
        (address token, uint256 bond) = BOOK.bondOf(jobId);
        if (departure == Departure.Forfeited) _burn(token, _bondPot(jobId), bond);
        else _credit(token, _bondPot(jobId), trainer, bond);
    }

    function _earn(uint256 jobId, uint256 round, uint256 attempt, uint256 quality, uint256 attestation) private {
        // Casts: parts of the reward, at most 2^111.
        _validatorsPay[jobId][round][attempt] = ValidatorsPay(uint112(quality), uint112(attestation), 0);
        _move(BOOK.tokenOf(jobId), _rewardPot(jobId), _earnedPot(jobId), quality + attestation);
        emit ValidatorsEarned(jobId, round, attempt, quality, attestation);
    }

    function _rewardPot(uint256 jobId) private pure returns (bytes32) {
        return keccak256(abi.encode("reward", jobId));
    }

    function _earnedPot(uint256 jobId) private pure returns (bytes32) {
        return keccak256(abi.encode("earned", jobId));
    }

    function _bondPot(uint256 jobId) private pure returns (bytes32) {
        return keccak256(abi.encode("bond", jobId));
    }

    function _initiatorPot(uint256 jobId) private pure returns (bytes32) {
        return keccak256(abi.encode("initiator", jobId));
    }
}
