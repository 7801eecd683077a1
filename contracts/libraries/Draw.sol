// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Draw
/// @notice Draws a committee: uniform, without replacement, O(k^2) whatever the list's length.
/// @dev Sparse Fisher-Yates (Durstenfeld 1964, with a map in place of the array). Mirrored in `sdk/protocol/draw.ts`.
library Draw {
    /// @notice Returns `entropy` with an opened salt mixed in, and with the first one the hash of the block before.
    /// @dev Combined by exclusive or, so that the order in which salts are opened changes nothing but which block is
    /// the first's.
    /// @param isFirst True for the first opening of a phase.
    /// @param account Account that sealed the salt.
    /// @param salt 32 bytes.
    function mixed(bytes32 entropy, bool isFirst, address account, bytes32 salt) internal view returns (bytes32) {
        return (isFirst ? stirred(entropy) : entropy) ^ keccak256(abi.encode(account, salt));
    }

    /// @notice Returns `entropy` with the hash of the block before mixed in.
    /// @dev Where somebody withheld a salt: who withheld knew the seed that others would have made, and does not know
    /// the one that comes now.
    function stirred(bytes32 entropy) internal view returns (bytes32) {
        return keccak256(abi.encode(entropy, blockhash(block.number - 1)));
    }

    /// @notice Returns the seed of a committee's draw, which also orders the scoring rule's permutations.
    /// @param disclosures What trainers opened: {ITrainingRounds-entropyOf}.
    /// @param reveals What committees opened: {IScoringPanel-entropyOf}.
    function seedOf(
        bytes32 disclosures,
        bytes32 reveals,
        uint256 jobId,
        uint256 round,
        uint256 attempt
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(disclosures, reveals, jobId, round, attempt));
    }

    /// @notice Returns `count` different places out of `[0, length)`.
    /// @dev The bias of the modulus is below length / 2^256.
    /// @param count At most `length`.
    function places(bytes32 seed, uint256 length, uint256 count) internal pure returns (uint256[] memory drawn) {
        drawn = new uint256[](count);
        // What stands at places that a swap has touched: the list itself is never written.
        uint256[] memory touched = new uint256[](count);
        uint256[] memory standing = new uint256[](count);
        uint256 used = 0;

        for (uint256 i = 0; i < count; ++i) {
            uint256 place = i + (uint256(keccak256(abi.encode(seed, i))) % (length - i));
            drawn[i] = _valueAt(touched, standing, used, place);
            uint256 last = _valueAt(touched, standing, used, i);
            used = _set(touched, standing, used, place, last);
        }
    }

    function _valueAt(
        uint256[] memory touched,
        uint256[] memory standing,
        uint256 used,
        uint256 place
    ) private pure returns (uint256) {
        for (uint256 i = 0; i < used; ++i) if (touched[i] == place) return standing[i];
        return place;
    }

    function _set(
        uint256[] memory touched,
        uint256[] memory standing,
        uint256 used,
        uint256 place,
        uint256 value
    ) private pure returns (uint256) {
        for (uint256 i = 0; i < used; ++i) {
            if (touched[i] != place) continue;
            standing[i] = value;
            return used;
        }
        touched[used] = place;
        standing[used] = value;
        return used + 1;
    }
}
