// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {StakeRegistry} from "./StakeRegistry.sol";
import {ICommittees} from "./interfaces/ICommittees.sol";
import {IJobBook} from "./interfaces/IJobBook.sol";
import {IJobLifecycle} from "./interfaces/IJobLifecycle.sol";
import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {IStakeRegistry} from "./interfaces/IStakeRegistry.sol";
import {ITrainingRounds} from "./interfaces/ITrainingRounds.sol";
import {Draw} from "./libraries/Draw.sol";
import {JobRules} from "./libraries/JobRules.sol";
import {Enlistment, PanelTerms} from "./types/PanelTypes.sol";

/// @title Committees
/// @notice Which validators offer to score a job, with what at stake, and whom the draw seats. Holds no money.
/// @dev Deploying this contract deploys the registry, which locks and burns for nobody else.
contract Committees is ICommittees {
    /// @dev Blocks after which a block's hash can no longer be read.
    uint256 private constant HASH_LIFETIME = 256;

    /// @inheritdoc ICommittees
    IJobBook public immutable override BOOK;
    /// @inheritdoc ICommittees
    IJobLifecycle public immutable override LIFECYCLE;
    /// @inheritdoc ICommittees
    ITrainingRounds public immutable override ROUNDS;
    /// @inheritdoc ICommittees
    IScoringPanel public immutable override PANEL;
    /// @inheritdoc ICommittees
    IStakeRegistry public immutable override REGISTRY;

    mapping(uint256 jobId => address[]) private _lists;
    mapping(uint256 jobId => mapping(address validator => Enlistment)) private _enlistments;

    modifier onlyPanel() {
        if (msg.sender != address(PANEL)) revert Committees_NotPanel(msg.sender);
        _;
    }

    /// @param book Names this contract's address.
    /// @param thawPeriod How long stake thaws, in seconds.
    constructor(IJobBook book, uint256 thawPeriod) {
        book.requireNamed(address(book.COMMITTEES()));
        BOOK = book;
        LIFECYCLE = book.LIFECYCLE();
        ROUNDS = book.ROUNDS();
        PANEL = book.PANEL();
        REGISTRY = new StakeRegistry(address(this), thawPeriod);
    }

    // ---------------------------------------------------------------- validators

    /// @inheritdoc ICommittees
    function enlist(uint256 jobId) external override {
        if (!LIFECYCLE.isOpen(jobId)) revert Committees_JobNotOpen(jobId);
        if (isEnlisted(jobId, msg.sender)) revert Committees_AlreadyEnlisted(jobId, msg.sender);
        if (LIFECYCLE.isParticipant(jobId, msg.sender)) revert Committees_RoleTaken(jobId, msg.sender);
        _requireListMoves(jobId);

        _lists[jobId].push(msg.sender);
        // Cast: each place costs a lock.
        _enlistments[jobId][msg.sender].place = uint32(_lists[jobId].length);
        emit Enlisted(jobId, msg.sender);

        PANEL.prepareSeals(jobId, msg.sender);
        PanelTerms memory terms = BOOK.panelTermsOf(jobId);
        REGISTRY.lock(terms.token, msg.sender, jobId, terms.seatLock);
    }

    /// @inheritdoc ICommittees
    function delist(uint256 jobId) external override {
        if (!isEnlisted(jobId, msg.sender)) revert Committees_NotEnlisted(jobId, msg.sender);
        _requireListMoves(jobId);
        Enlistment memory enlistment = _enlistments[jobId][msg.sender];
        bool isSeated = enlistment.attempt != 0 && !PANEL.isOver(jobId, enlistment.round, enlistment.attempt);
        if (isSeated) revert Committees_Seated(jobId, msg.sender);
        _strike(jobId, BOOK.tokenOf(jobId), msg.sender);
    }

    // ---------------------------------------------------------------- anyone

    /// @inheritdoc ICommittees
    function armDraw(uint256 jobId) external override {
        (uint256 round, uint256 updates, bool holdoutOpen) = ROUNDS.disclosed(jobId);
        (uint256 attempt, uint256 seedBlock) = PANEL.dueDraw(jobId, round);
        if (seedBlock != 0 && block.number <= seedBlock + HASH_LIFETIME) {
            revert Committees_AlreadyArmed(jobId, seedBlock);
        }
        uint256 enlisted = enlistedCount(jobId);
        if (enlisted < JobRules.MIN_SEATS) revert Committees_TooFewEnlisted(jobId, enlisted);

        emit DrawArmed(jobId, round, attempt, block.number);
        PANEL.armDraw(jobId, round, updates, holdoutOpen);
    }

    /// @inheritdoc ICommittees
    function drawCommittee(uint256 jobId) external override {
        (uint256 round, uint256 attempt, uint256 seedBlock) = PANEL.armedDraw(jobId);
        // The hash is zero for this block, and for blocks too long ago.
        bytes32 hash = blockhash(seedBlock);
        if (seedBlock == 0 || hash == 0) revert Committees_NoSeed(jobId, seedBlock);

        bytes32 seed = keccak256(abi.encode(hash, jobId, round, attempt));
        PanelTerms memory terms = BOOK.panelTermsOf(jobId);
        uint256 enlisted = enlistedCount(jobId);
        uint256 seats = enlisted < terms.committeeSize ? enlisted : terms.committeeSize;
        address[] memory validators = _pick(jobId, round, attempt, seed, seats);
        emit CommitteeDrawn(jobId, round, attempt, seed, validators);
        PANEL.seatCommittee(jobId, seed, validators, terms);
    }

    // ---------------------------------------------------------------- the panel

    /// @inheritdoc ICommittees
    function slash(uint256 jobId, address token, address validator, uint256 amount) external override onlyPanel {
        // The registry books what it is told, and calls no token.
        // slither-disable-next-line reentrancy-events
        REGISTRY.slash(token, validator, jobId, amount);
        _strike(jobId, token, validator);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc ICommittees
    function enlistedCount(uint256 jobId) public view override returns (uint256) {
        return _lists[jobId].length;
    }

    /// @inheritdoc ICommittees
    function enlistedOf(uint256 jobId) external view override returns (address[] memory) {
        return _lists[jobId];
    }

    /// @inheritdoc ICommittees
    function isEnlisted(uint256 jobId, address validator) public view override returns (bool) {
        return _enlistments[jobId][validator].place != 0;
    }

    // ---------------------------------------------------------------- the list

    /// @dev Draws `seats` of the enlisted, uniformly and without replacement, and notes where they are seated.
    function _pick(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        bytes32 seed,
        uint256 seats
    ) private returns (address[] memory validators) {
        address[] storage list = _lists[jobId];
        uint256[] memory places = Draw.places(seed, list.length, seats);
        validators = new address[](seats);
        for (uint256 i = 0; i < seats; ++i) {
            address validator = list[places[i]];
            validators[i] = validator;
            Enlistment storage enlistment = _enlistments[jobId][validator];
            // Casts: rounds are counted in 32 bits; 1 or 2.
            (enlistment.round, enlistment.attempt) = (uint64(round), uint8(attempt));
        }
    }

    /// @dev Keeps the list dense: the last takes the place of the one that goes.
    function _strike(uint256 jobId, address token, address validator) private {
        uint32 place = _enlistments[jobId][validator].place;
        address[] storage list = _lists[jobId];
        address last = list[list.length - 1];
        list[place - 1] = last;
        _enlistments[jobId][last].place = place;
        list.pop();
        _enlistments[jobId][validator].place = 0;
        emit Delisted(jobId, validator);
        // The registry books what it is told, and calls no token.
        // slither-disable-next-line reentrancy-events
        REGISTRY.unlock(token, validator, jobId);
    }

    /// @dev Reverts between the arming of the seed and the draw.
    function _requireListMoves(uint256 jobId) private view {
        if (PANEL.isArmed(jobId)) revert Committees_ListFrozen(jobId);
    }
}
