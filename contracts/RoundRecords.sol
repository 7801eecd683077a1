// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingRounds} from "./interfaces/ITrainingRounds.sol";
import {Updates} from "./libraries/Updates.sol";
import {Member, Roster, RoundFacts, Update} from "./types/JobTypes.sol";

/// @title RoundRecords
/// @notice What the rounds of a job leave behind: members, facts, and disclosed updates.
abstract contract RoundRecords is ITrainingRounds {
    /// @dev A round's record.
    struct Round {
        RoundFacts facts;
        /// The disclosed updates: see {Updates}.
        mapping(uint256 word => uint256) updates;
        /// Bit j: update j repeats the bytes of an earlier commitment and weighs nothing.
        uint64 copies;
    }

    mapping(uint256 jobId => Roster) internal _rosters;
    mapping(uint256 jobId => mapping(uint256 round => Round)) internal _rounds;
    mapping(uint256 jobId => mapping(address trainer => Member)) internal _members;
    /// @dev Who has or had a trainer's number, from 0.
    mapping(uint256 jobId => mapping(uint256 number => address)) internal _trainers;

    // ---------------------------------------------------------------- views

    /// @inheritdoc ITrainingRounds
    function updatesOf(
        uint256 jobId,
        uint256 number
    ) external view override returns (Update[] memory updates, uint64 copies) {
        Round storage round = _rounds[jobId][number];
        address[] memory trainers = trainersOf(jobId, number);
        updates = new Update[](trainers.length);
        for (uint256 j = 0; j < updates.length; ++j) {
            Update memory update = updates[j];
            update.trainer = trainers[j];
            // Cast: 16 bits.
            update.order = uint16(Updates.orderOf(_entryOf(round, j)));
            Member storage member = _members[jobId][update.trainer];
            if (member.lastRevealed == number && member.lastCommitted == number) update.digest = member.commitment;
        }
        copies = round.copies;
    }

    /// @inheritdoc ITrainingRounds
    function trainersOf(uint256 jobId, uint256 number) public view override returns (address[] memory trainers) {
        Round storage round = _rounds[jobId][number];
        trainers = new address[](round.facts.revealed);
        for (uint256 j = 0; j < trainers.length; ++j) {
            trainers[j] = _trainers[jobId][Updates.trainerOf(_entryOf(round, j))];
        }
    }

    /// @inheritdoc ITrainingRounds
    function copiesOf(uint256 jobId, uint256 number) external view override returns (uint64 copies) {
        return _rounds[jobId][number].copies;
    }

    // ---------------------------------------------------------------- records

    /// @dev The only place that writes all facts: the compiler would unfold it wherever it stood.
    function _setFacts(uint256 jobId, uint256 number, RoundFacts memory facts) internal {
        _rounds[jobId][number].facts = facts;
    }

    /// @dev The only place that writes the roster, for the same reason.
    function _setRoster(uint256 jobId, Roster memory roster) internal {
        _rosters[jobId] = roster;
    }

    /// @dev Adds update `index`, which is not a copy unless an earlier one has the same bytes.
    function _addUpdate(uint256 jobId, Round storage round, uint256 index, uint256 entry, bytes32 digest) internal {
        uint256 word = 0;
        for (uint256 j = 0; j < index; ++j) {
            if (j % Updates.LANES == 0) word = round.updates[j / Updates.LANES];
            uint256 other = Updates.unpack(word, j);
            if (!Updates.areAlike(entry, other) || (round.copies >> j) & 1 == 1) continue;
            if (_members[jobId][_trainers[jobId][Updates.trainerOf(other)]].commitment != digest) continue;
            // The one committed first keeps the value, whoever reveals first. Cast: a round has at most 64 updates.
            round.copies |= uint64(1 << (Updates.orderOf(entry) < Updates.orderOf(other) ? j : index));
            break;
        }
        uint256 place = index / Updates.LANES;
        round.updates[place] = Updates.pack(round.updates[place], index, entry);
    }

    function _entryOf(Round storage round, uint256 index) private view returns (uint256) {
        return Updates.unpack(round.updates[index / Updates.LANES], index);
    }
}
