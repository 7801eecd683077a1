// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Math
/// @notice What OpenZeppelin's `Math.mulDiv` promises, where the product fits into 256 bits: floor(x * y /
/// denominator).
/// @dev Stands in its place where solvers look at our libraries: its assembly is OpenZeppelin's affair, and beyond
/// them.
library Math {
    function mulDiv(uint256 x, uint256 y, uint256 denominator) internal pure returns (uint256) {
        return (x * y) / denominator;
    }
}
