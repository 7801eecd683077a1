// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Updates
/// @notice The disclosed updates of a round, four to a storage word, the first in the lowest bits. Pure.
/// @dev An update's entry has 64 bits, from the highest: the number of its trainer (32 bits), its place in the round's
/// order of commitments (16) and the lowest 16 bits of its digest. A word that was zero costs four times as much as one
/// that was not, so four entries share it; the whole digest stands where the trainer's commitment stood.
library Updates {
    /// @notice Entries in one storage word.
    uint256 internal constant LANES = 4;

    /// @notice Returns the entry of an update.
    /// @param trainer The trainer's number in the job, below 2^32.
    /// @param order Place in the round's order of commitments, below 2^16.
    /// @param digest sha2-256 digest of the update's content id.
    function entryOf(uint256 trainer, uint256 order, bytes32 digest) internal pure returns (uint256) {
        return (trainer << 32) | (order << 16) | (uint256(digest) & 0xffff);
    }

    /// @notice Returns entry `index` of a round, out of the word that has it.
    function unpack(uint256 word, uint256 index) internal pure returns (uint256) {
        return (word >> (64 * (index % LANES))) & 0xffffffffffffffff;
    }

    /// @notice Returns `word` with an entry put into its empty lane.
    function pack(uint256 word, uint256 index, uint256 entry) internal pure returns (uint256) {
        return word | (entry << (64 * (index % LANES)));
    }

    /// @notice Returns the number of the trainer.
    function trainerOf(uint256 entry) internal pure returns (uint256) {
        return entry >> 32;
    }

    /// @notice Returns the place in the order of commitments.
    function orderOf(uint256 entry) internal pure returns (uint256) {
        return (entry >> 16) & 0xffff;
    }

    /// @notice Returns whether the digests of two entries can be the same: their lowest bits are.
    function areAlike(uint256 one, uint256 other) internal pure returns (bool) {
        return (one ^ other) & 0xffff == 0;
    }
}
