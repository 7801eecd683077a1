// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {ICommittees} from "./interfaces/ICommittees.sol";
import {IJobBook} from "./interfaces/IJobBook.sol";
import {IJobLifecycle} from "./interfaces/IJobLifecycle.sol";
import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {ITrainingMarket} from "./interfaces/ITrainingMarket.sol";
import {ITrainingRounds} from "./interfaces/ITrainingRounds.sol";
import {Commitments} from "./libraries/Commitments.sol";
import {JobRules} from "./libraries/JobRules.sol";
import {Payouts} from "./libraries/Payouts.sol";
import {Holdout, JobParams, JobTerms, RoundTerms} from "./types/JobTypes.sol";
import {PanelTerms, TallyTerms} from "./types/PanelTypes.sol";

/// @title JobBook
/// @notice What initiators fixed when they posted their jobs, what follows from it, and the keys of sealed holdouts.
contract JobBook is IJobBook {
    /// @dev A shard whose key is published.
    struct OpenShard {
        uint256 shard;
        bytes32 key;
    }

    /// @dev The shards of a job's sealed holdout.
    struct Shards {
        /// What the public shard is drawn by; 0 before the first round opens.
        bytes32 publicSeed;
        /// Shards opened so far: they stand at the first places.
        uint256 opened;
        /// One more than the shard at a place, where another than its own stands there.
        mapping(uint256 place => uint256) moved;
        mapping(uint256 round => OpenShard) ofRound;
    }

    /// @inheritdoc IJobBook
    ITrainingMarket public immutable override MARKET;
    /// @inheritdoc IJobBook
    ITrainingRounds public immutable override ROUNDS;
    /// @inheritdoc IJobBook
    IJobLifecycle public immutable override LIFECYCLE;
    /// @inheritdoc IJobBook
    ICommittees public immutable override COMMITTEES;
    /// @inheritdoc IJobBook
    IScoringPanel public immutable override PANEL;

    /// @inheritdoc IJobBook
    uint256 public override jobCount;

    mapping(uint256 jobId => JobParams) private _params;
    mapping(uint256 jobId => bytes32) private _terms;
    mapping(uint256 jobId => Shards) private _shards;

    modifier onlyMarket() {
        if (msg.sender != address(MARKET)) revert JobBook_NotMarket(msg.sender);
        _;
    }

    modifier onlyLifecycle() {
        if (msg.sender != address(LIFECYCLE)) revert JobBook_NotLifecycle(msg.sender);
        _;
    }

    /// @param contracts Where the contracts that stand on this book will be created: each refuses another address.
    constructor(Contracts memory contracts) {
        MARKET = contracts.market;
        LIFECYCLE = contracts.lifecycle;
        ROUNDS = contracts.rounds;
        COMMITTEES = contracts.committees;
        PANEL = contracts.panel;
    }

    // ---------------------------------------------------------------- the market and the rounds

    /// @inheritdoc IJobBook
    function register(
        JobParams calldata params,
        address initiator
    ) external override onlyMarket returns (uint256 jobId, JobTerms memory, RoundTerms memory) {
        JobRules.check(params, block.timestamp);
        jobId = ++jobCount;
        _params[jobId] = params;
        _terms[jobId] = Commitments.ofTerms(initiator, params);
        return (jobId, JobRules.jobTermsOf(params), JobRules.roundTermsOf(params));
    }

    /// @inheritdoc IJobBook
    function drawPublicShard(uint256 jobId) external override onlyLifecycle {
        // Once: when the first round opens.
        if (_shards[jobId].publicSeed == 0) _shards[jobId].publicSeed = blockhash(block.number - 1);
    }

    /// @inheritdoc IJobBook
    function openShard(
        uint256 jobId,
        uint256 round,
        bytes32 key,
        bytes32[] calldata proof
    ) external override onlyLifecycle {
        (uint256 shard, uint256 place) = _dueShard(jobId, round);
        // 0 stands for a shard that is not open.
        if (key == 0) revert JobBook_WrongKey(jobId, shard);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(shard, key))));
        if (!MerkleProof.verifyCalldata(proof, _params[jobId].holdoutRoot, leaf)) revert JobBook_WrongKey(jobId, shard);

        Shards storage shards = _shards[jobId];
        // The first that is left takes the place of the one drawn.
        shards.moved[place] = _shardAt(shards, shards.opened) + 1;
        ++shards.opened;
        shards.ofRound[round] = OpenShard(shard, key);
        emit HoldoutOpened(jobId, round, shard, key);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IJobBook
    function requireNamed(address expected) external view override {
        if (msg.sender != expected) revert JobBook_NotNamed(msg.sender, expected);
    }

    /// @inheritdoc IJobBook
    function requireTerms(uint256 jobId, bytes32 terms) external view override {
        if (terms != _terms[jobId]) revert JobBook_OtherTerms(jobId, terms, _terms[jobId]);
    }

    /// @inheritdoc IJobBook
    function termsOf(uint256 jobId) external view override returns (bytes32) {
        return _terms[jobId];
    }

    /// @inheritdoc IJobBook
    function graceOf(uint256 jobId) external view override returns (uint256) {
        JobParams storage params = _params[jobId];
        return
            uint256(params.trainingPeriod) +
            params.disclosurePeriod +
            params.scoringPeriod +
            params.revealPeriod +
            params.attestationPeriod +
            params.settlementPeriod;
    }

    /// @inheritdoc IJobBook
    function paramsOf(uint256 jobId) external view override returns (JobParams memory) {
        return _params[jobId];
    }

    /// @inheritdoc IJobBook
    function panelTermsOf(uint256 jobId) external view override returns (PanelTerms memory) {
        JobParams storage params = _params[jobId];
        return
            PanelTerms({
                token: params.token,
                seatLock: params.seatLock,
                committeeSize: params.committeeSize,
                commonHoldout: params.holdout != Holdout.Own,
                clusters: params.clusters,
                scoringPeriod: params.scoringPeriod,
                revealPeriod: params.revealPeriod,
                attestationPeriod: params.attestationPeriod,
                settlementPeriod: params.settlementPeriod
            });
    }

    /// @inheritdoc IJobBook
    function tallyTermsOf(uint256 jobId) external view override returns (TallyTerms memory) {
        JobParams storage params = _params[jobId];
        return TallyTerms(params.token, params.seatLock, params.tolerance, params.maxTolerance);
    }

    /// @inheritdoc IJobBook
    function weightRuleOf(uint256 jobId) external view override returns (Payouts.WeightRule memory, bool clusters) {
        JobParams storage params = _params[jobId];
        return (Payouts.WeightRule(params.payRule, params.acceptance, params.noiseFloor), params.clusters);
    }

    /// @inheritdoc IJobBook
    function tokenOf(uint256 jobId) external view override returns (address) {
        return _params[jobId].token;
    }

    /// @inheritdoc IJobBook
    function bondOf(uint256 jobId) external view override returns (address token, uint256 bond) {
        JobParams storage params = _params[jobId];
        return (params.token, params.bond);
    }

    /// @inheritdoc IJobBook
    function isInvited(uint256 jobId, address account, bytes32[] calldata proof) external view override returns (bool) {
        bytes32 root = _params[jobId].invitationRoot;
        if (root == 0) return true;
        return MerkleProof.verifyCalldata(proof, root, keccak256(bytes.concat(keccak256(abi.encode(account)))));
    }

    /// @inheritdoc IJobBook
    function validatorsBudgetOf(uint256 jobId) external view override returns (uint256) {
        JobParams storage params = _params[jobId];
        uint256 rounds = uint256(params.rounds) + (params.milestones.length == 0 ? 0 : 1);
        return (uint256(params.reward) * params.validatorShareBps) / Payouts.BPS / rounds;
    }

    /// @inheritdoc IJobBook
    function trainersBudgetOf(uint256 jobId) external view override returns (uint256) {
        return _trainersReward(jobId) / _params[jobId].rounds;
    }

    /// @inheritdoc IJobBook
    function earnedBetween(uint256 jobId, uint256 from, uint256 to) external view override returns (uint256) {
        JobParams memory params = _params[jobId];
        uint256 reward = _trainersReward(jobId);
        return
            Payouts.earnedAt(params.milestones, reward, to, params.margin) -
            Payouts.earnedAt(params.milestones, reward, from, params.margin);
    }

    /// @inheritdoc IJobBook
    function shardOf(uint256 jobId, uint256 round) external view override returns (uint256 shard) {
        OpenShard storage open = _shards[jobId].ofRound[round];
        if (open.key != 0) return open.shard;
        (shard, ) = _dueShard(jobId, round);
    }

    /// @inheritdoc IJobBook
    function holdoutKeyOf(uint256 jobId, uint256 round) external view override returns (bytes32) {
        return _shards[jobId].ofRound[round].key;
    }

    /// @dev One of those that are left, each as likely as the others: partial shuffle of Fisher and Yates, in which
    /// only the places that changed are stored.
    function _dueShard(uint256 jobId, uint256 round) private view returns (uint256 shard, uint256 place) {
        Shards storage shards = _shards[jobId];
        if (shards.publicSeed == 0) revert JobBook_NoShard(jobId, round);
        bytes32 entropy = round == 0 ? shards.publicSeed : ROUNDS.entropyOf(jobId);
        uint256 seed = uint256(keccak256(abi.encode("shard", entropy, jobId, round)));
        uint256 left = _params[jobId].rounds + 1 - shards.opened;
        place = shards.opened + (seed % left);
        shard = _shardAt(shards, place);
    }

    function _shardAt(Shards storage shards, uint256 place) private view returns (uint256) {
        uint256 moved = shards.moved[place];
        return moved == 0 ? place : moved - 1;
    }

    /// @dev What validators do not get.
    function _trainersReward(uint256 jobId) private view returns (uint256) {
        JobParams storage params = _params[jobId];
        return params.reward - (uint256(params.reward) * params.validatorShareBps) / Payouts.BPS;
    }
}
