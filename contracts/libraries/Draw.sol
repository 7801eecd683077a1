// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Draw
/// @notice Draws a committee: uniform, without replacement, O(k^2) whatever the list's length. Pure.
/// @dev Sparse Fisher-Yates (Durstenfeld 1964, with a map in place of the array). Mirrored in `sdk/protocol/draw.ts`.
library Draw {
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
