// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Batch
/// @notice Makes several calls in one transaction, and so in one block. For tests.
contract Batch {
    /// @notice Calls `target` with each of `data`; the first that reverts reverts all.
    function run(address target, bytes[] calldata data) external {
        for (uint256 i = 0; i < data.length; ++i) {
            (bool success, bytes memory reason) = target.call(data[i]);
            if (success) continue;
            assembly ("memory-safe") {
                revert(add(reason, 32), mload(reason))
            }
        }
    }
}
