// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The cheatcode of Halmos that these checks use.
interface Svm {
    /// @notice Makes every storage slot of `target` an unknown of its own.
    function enableSymbolicStorage(address target) external;
}

Svm constant svm = Svm(address(uint160(uint256(keccak256("svm cheat code")))));
