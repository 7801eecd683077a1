// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobBook} from "./interfaces/IJobBook.sol";
import {IScoringPanel} from "./interfaces/IScoringPanel.sol";
import {IStakeRegistry} from "./interfaces/IStakeRegistry.sol";
import {IJobRounds} from "./interfaces/IJobRounds.sol";
import {Draw} from "./libraries/Draw.sol";
import {Enlistment, PanelTerms} from "./types/PanelTypes.sol";

/// @title ValidatorList
/// @notice Who offers to score a job, with what at stake, and whom the draw picks.
abstract contract ValidatorList is IScoringPanel {
    /// @dev What a validator's slots for sealed values hold before it sealed any.
    bytes32 private constant NOTHING_SEALED = bytes32(uint256(1));

    /// @inheritdoc IScoringPanel
    IJobRounds public immutable override ROUNDS;
    /// @inheritdoc IScoringPanel
    IJobBook public immutable override BOOK;
    /// @inheritdoc IScoringPanel
    IStakeRegistry public immutable override REGISTRY;

    mapping(uint256 jobId => address[]) private _lists;
    mapping(uint256 jobId => mapping(address validator => Enlistment)) internal _enlistments;

    /// @param rounds The address at which the rounds will be deployed.
    constructor(IJobRounds rounds, IJobBook book, IStakeRegistry registry) {
        ROUNDS = rounds;
        BOOK = book;
        REGISTRY = registry;
    }

    // ---------------------------------------------------------------- validators

    /// @inheritdoc IScoringPanel
    function enlist(uint256 jobId) external override {
        if (!ROUNDS.isOpen(jobId)) revert ScoringPanel_JobNotOpen(jobId);
        if (isEnlisted(jobId, msg.sender)) revert ScoringPanel_AlreadyEnlisted(jobId, msg.sender);
        if (ROUNDS.isParticipant(jobId, msg.sender)) revert ScoringPanel_RoleTaken(jobId, msg.sender);
        _requireListMoves(jobId);

        Enlistment storage enlistment = _enlistments[jobId][msg.sender];
        _lists[jobId].push(msg.sender);
        // Cast: each place costs a lock.
        enlistment.place = uint32(_lists[jobId].length);
        if (enlistment.attestation == 0) (enlistment.scores, enlistment.attestation) = (NOTHING_SEALED, NOTHING_SEALED);
        emit Enlisted(jobId, msg.sender);

        PanelTerms memory terms = BOOK.panelTermsOf(jobId);
        REGISTRY.lock(terms.token, msg.sender, jobId, terms.seatLock);
    }

    /// @inheritdoc IScoringPanel
    function delist(uint256 jobId) external override {
        if (!isEnlisted(jobId, msg.sender)) revert ScoringPanel_NotEnlisted(jobId, msg.sender);
        _requireListMoves(jobId);
        Enlistment storage enlistment = _enlistments[jobId][msg.sender];
        if (_isHeld(jobId, enlistment.round, enlistment.attempt)) revert ScoringPanel_Seated(jobId, msg.sender);
        _strike(jobId, BOOK.tokenOf(jobId), msg.sender);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IScoringPanel
    function enlistedCount(uint256 jobId) public view override returns (uint256) {
        return _lists[jobId].length;
    }

    /// @inheritdoc IScoringPanel
    function enlistedOf(uint256 jobId) external view override returns (address[] memory) {
        return _lists[jobId];
    }

    /// @inheritdoc IScoringPanel
    function isEnlisted(uint256 jobId, address validator) public view override returns (bool) {
        return _enlistments[jobId][validator].place != 0;
    }

    // ---------------------------------------------------------------- for the panel

    /// @dev Draws `seats` of the enlisted, uniformly and without replacement, and notes where they are seated.
    function _pick(
        uint256 jobId,
        uint64 round,
        uint8 attempt,
        bytes32 seed,
        uint256 seats
    ) internal returns (address[] memory validators) {
        address[] storage list = _lists[jobId];
        uint256[] memory places = Draw.places(seed, list.length, seats);
        validators = new address[](seats);
        for (uint256 i = 0; i < seats; ++i) {
            address validator = list[places[i]];
            validators[i] = validator;
            Enlistment storage enlistment = _enlistments[jobId][validator];
            (enlistment.round, enlistment.attempt) = (round, attempt);
        }
    }

    /// @dev A slashed validator is off the list; what is left of its lock is free again.
    function _slash(uint256 jobId, address token, address validator, uint256 amount) internal {
        // The registry books what it is told, and calls no token; a loop is over 31 seats at most.
        // slither-disable-next-line calls-loop,reentrancy-no-eth,reentrancy-events
        REGISTRY.slash(token, validator, jobId, amount);
        _strike(jobId, token, validator);
    }

    /// @dev Reverts between the arming of the seed and the draw.
    function _requireListMoves(uint256 jobId) internal view virtual;

    /// @dev Whether an attempt holds its seats: it is not over.
    function _isHeld(uint256 jobId, uint256 round, uint256 attempt) internal view virtual returns (bool);

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
        // The same as a slash: the registry calls no token, and a loop is over 31 seats at most.
        // slither-disable-next-line calls-loop,reentrancy-no-eth,reentrancy-events
        REGISTRY.unlock(token, validator, jobId);
    }
}
