// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../Vm.sol";
import {Handler} from "./Handler.sol";

/// @notice The runner's own stateful campaign over the handlers of {Handler}; I3 to I6 are checked there, action by action.
contract InvariantsTest {
    Handler public handler;

    function setUp() external {
        handler = Handler(vm.deployCode("Handler.sol:Handler"));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice I1 per token: liabilities <= balance.
    /// I2 deposited = withdrawn + liabilities. I7 donations change nobody's claim. I8 locked <= staked, stakes = balance.
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
        _tellSuccesses();
    }

    /// @dev `action:count`, a line a campaign, in the file that the environment names.
    function _tellSuccesses() private {
        string memory path = vm.envOr("CW_SUCCESSES_FILE", string(""));
        if (bytes(path).length == 0) return;
        string memory line = "";
        for (uint256 action = 0; action < handler.actions(); ++action) {
            line = string.concat(line, vm.toString(action), ":", vm.toString(handler.successes(action)), " ");
        }
        vm.writeLine(path, line);
    }
}
