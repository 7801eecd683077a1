// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Handler} from "./Handler.sol";

/// @notice The runner's own stateful campaign over the handlers of {Handler}; I3 to I6 are checked there, action by action.
contract InvariantsTest {
    Handler public handler;

    function setUp() external {
        handler = new Handler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice I1 per token: liabilities <= balance.
    /// I2 deposited = withdrawn + liabilities. I7 donations change nobody's claim. I8 locked <= staked, stakes = balance.
    /// hardhat-config: invariant.runs = 48
    /// hardhat-config: invariant.depth = 64
    function invariant_booksBalance() external view {
        handler.checkI1();
        handler.checkI2();
        handler.checkI7();
        handler.checkI8();
    }

    /// @notice I9: every campaign can be brought to its end, and nothing is left but what was burned.
    function afterInvariant() external {
        handler.exit();
        handler.checkDrained();
    }
}
