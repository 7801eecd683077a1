// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../Vm.sol";
import {Handler} from "./Handler.sol";
import {Tally} from "./Tally.sol";

/// @notice The runner's own stateful campaign over the handlers of {Handler}; I3 to I6 are checked there, action by
/// action.
contract InvariantsTest {
    /// @dev The shape that runners ask for.
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Handler public handler;

    function setUp() external {
        handler = Handler(vm.deployCode("Handler.sol:Handler"));
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector({addr: address(handler), selectors: handler.handlers()});
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice I1 per token: liabilities <= balance.
    /// I2 deposited = withdrawn + liabilities. I7 donations change nobody's claim. I8 locked <= staked, stakes =
    /// balance.
    function invariant_booksBalance() external view {
        handler.checkBooks();
    }

    /// @notice I9: every campaign can be brought to its end, and nothing is left but what was burned.
    function afterInvariant() external {
        handler.exit();
        handler.checkBooks();
        handler.checkDrained();
        Tally.tell(handler);
    }
}
