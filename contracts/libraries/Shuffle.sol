// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Shuffle
/// @notice A permutation of `[0, length)` that is computed place by place. Pure.
/// @dev Swap-or-not (Hoang, Morris, Rogaway 2012), as Ethereum's consensus shuffles its validators. Mirrored in
/// `sdk/protocol/shuffle.ts`.
library Shuffle {
    uint256 internal constant ROUNDS = 90;

    /// @notice Returns what stands at place `index` of the list `0, 1, ... length - 1` once it is shuffled by `seed`.
    /// @param index Below `length`.
    function valueAt(bytes32 seed, uint256 index, uint256 length) internal pure returns (uint256) {
        for (uint256 i = 0; i < ROUNDS; ++i) {
            uint256 pivot = uint256(keccak256(abi.encode(seed, i))) % length;
            uint256 other = (pivot + length - index) % length;
            uint256 highest = index > other ? index : other;
            if (uint256(keccak256(abi.encode(seed, i, highest))) & 1 == 1) index = other;
        }
        return index;
    }
}
