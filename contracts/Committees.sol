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
import {RoundFacts} from "./types/JobTypes.sol";
import {Assignment, PanelTerms} from "./types/PanelTypes.sol";
import {Phase} from "./types/Phase.sol";

/// @title Committees
/// @notice Which validators offer to score a job, with what at stake, and whom the draw seats. Holds no money.
/// @dev Deploying this contract deploys the registry, which locks and burns for nobody else.
contract Committees is ICommittees {
    /// @dev The validators enlisted for a job, without gaps.
    struct List {
        address[] validators;
        /// So many of the first are in the draws of the running round: they were enlisted when it opened.
        uint256 fixedLength;
    }

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

    mapping(uint256 jobId => List) private _lists;
    /// @dev Place in the list, from 1; 0 for a validator that is not enlisted.
    mapping(uint256 jobId => mapping(address validator => uint256)) private _places;

    modifier onlyPanel() {
        if (msg.sender != address(PANEL)) revert Committees_NotPanel(msg.sender);
        _;
    }

    modifier onlyLifecycle() {
        if (msg.sender != address(LIFECYCLE)) revert Committees_NotLifecycle(msg.sender);
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
    function enlist(uint256 jobId, bytes32 terms) external override {
        BOOK.requireTerms(jobId, terms);
        if (!LIFECYCLE.isOpen(jobId)) revert Committees_JobNotOpen(jobId);
        if (isEnlisted(jobId, msg.sender)) revert Committees_AlreadyEnlisted(jobId, msg.sender);
        if (LIFECYCLE.isParticipant(jobId, msg.sender)) revert Committees_RoleTaken(jobId, msg.sender);

        address[] storage list = _lists[jobId].validators;
        list.push(msg.sender);
        _places[jobId][msg.sender] = list.length;
        emit Enlisted(jobId, msg.sender);

        PANEL.prepareSeals(jobId, msg.sender);
        PanelTerms memory panelTerms = BOOK.panelTermsOf(jobId);
        REGISTRY.lock(panelTerms.token, msg.sender, jobId, panelTerms.seatLock);
    }

    /// @inheritdoc ICommittees
    function delist(uint256 jobId) external override {
        if (!isEnlisted(jobId, msg.sender)) revert Committees_NotEnlisted(jobId, msg.sender);
        Phase phase = LIFECYCLE.phaseAt(jobId, block.timestamp);
        // The seed of a confirming round is known before it opens: the list must not change by it.
        bool isAwaited = phase == Phase.Waiting && LIFECYCLE.awaitsConfirmation(jobId);
        if (isAwaited || (phase > Phase.Training && phase < Phase.Closed)) revert Committees_ListFrozen(jobId);
        _strike(jobId, BOOK.tokenOf(jobId), msg.sender);
    }

    // ---------------------------------------------------------------- anyone

    /// @inheritdoc ICommittees
    function drawCommittee(uint256 jobId) external override {
        (uint256 round, RoundFacts memory facts) = ROUNDS.disclosed(jobId);
        uint256 attempt = PANEL.dueDraw(jobId, round);
        uint256 drawable = drawableCount(jobId);
        if (drawable < JobRules.MIN_SEATS) revert Committees_TooFewEnlisted(jobId, drawable);

        bytes32 disclosures = ROUNDS.entropyOf(jobId);
        if (facts.revealed < facts.committed) disclosures = Draw.stirred(disclosures);
        bytes32 seed = Draw.seedOf(disclosures, PANEL.entropyOf(jobId), jobId, round, attempt);
        PanelTerms memory terms = BOOK.panelTermsOf(jobId);
        uint256 seats = drawable < terms.committeeSize ? drawable : terms.committeeSize;
        address[] memory validators = _pick(jobId, seed, drawable, seats);
        emit CommitteeDrawn(jobId, round, attempt, seed, validators);
        Assignment memory assignment = Assignment({
            round: round,
            updates: facts.confirming ? 1 : facts.revealed,
            judgesHoldout: facts.holdoutOpen,
            confirming: facts.confirming,
            seed: seed
        });
        PANEL.seatCommittee(jobId, assignment, validators, terms);
    }

    // ---------------------------------------------------------------- the lifecycle

    /// @inheritdoc ICommittees
    function fixList(uint256 jobId) external override onlyLifecycle {
        _lists[jobId].fixedLength = _lists[jobId].validators.length;
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
    function enlistedCount(uint256 jobId) external view override returns (uint256) {
        return _lists[jobId].validators.length;
    }

    /// @inheritdoc ICommittees
    function drawableCount(uint256 jobId) public view override returns (uint256) {
        List storage list = _lists[jobId];
        uint256 length = list.validators.length;
        if (list.fixedLength >= JobRules.MIN_SEATS) return list.fixedLength;
        // With too few left those that enlist first fill up the committee, and no seed chooses among them.
        return length < JobRules.MIN_SEATS ? length : JobRules.MIN_SEATS;
    }

    /// @inheritdoc ICommittees
    function enlistedOf(uint256 jobId) external view override returns (address[] memory) {
        return _lists[jobId].validators;
    }

    /// @inheritdoc ICommittees
    function isEnlisted(uint256 jobId, address validator) public view override returns (bool) {
        return _places[jobId][validator] != 0;
    }

    // ---------------------------------------------------------------- the list

    /// @dev Draws `seats` of the first `drawable` in the list, uniformly and without replacement.
    function _pick(
        uint256 jobId,
        bytes32 seed,
        uint256 drawable,
        uint256 seats
    ) private view returns (address[] memory validators) {
        address[] storage list = _lists[jobId].validators;
        uint256[] memory places = Draw.places(seed, drawable, seats);
        validators = new address[](seats);
        for (uint256 i = 0; i < seats; ++i) validators[i] = list[places[i]];
    }

    /// @dev Keeps both parts of the list dense: the last of the fixed part takes the place of one that goes from it,
    /// and the last of all the place that this leaves.
    function _strike(uint256 jobId, address token, address validator) private {
        List storage list = _lists[jobId];
        uint256 hole = _places[jobId][validator];
        uint256 fixedLength = list.fixedLength;
        if (hole <= fixedLength) {
            _put(jobId, list.validators[fixedLength - 1], hole);
            hole = fixedLength;
            list.fixedLength = fixedLength - 1;
        }
        uint256 length = list.validators.length;
        if (hole < length) _put(jobId, list.validators[length - 1], hole);
        list.validators.pop();
        _places[jobId][validator] = 0;
        emit Delisted(jobId, validator);
        // The registry books what it is told, and calls no token.
        // slither-disable-next-line reentrancy-events
        REGISTRY.unlock(token, validator, jobId);
    }

    /// @dev Writes a validator down at a place, from 1.
    function _put(uint256 jobId, address validator, uint256 place) private {
        _lists[jobId].validators[place - 1] = validator;
        _places[jobId][validator] = place;
    }
}
