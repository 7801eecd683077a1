// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../Vm.sol";
import {Handler} from "./Handler.sol";
import {Tally} from "./Tally.sol";

/// @notice Random histories, each followed to its end.
contract HistoriesTest {
    Handler private _handler;

    function setUp() external {
        _handler = Handler(vm.deployCode("Handler.sol:Handler"));
    }

    /// @notice I9: a history ends with nothing left but what was burned; I1 to I8 hold on the way.
    /// @dev Two numbers, so that hardly two histories are the same.
    function testFuzz_historyDrains(uint256 a, uint256 b) external {
        uint256 depth = vm.envOr("CW_DEPTH", 64);
        bytes4[] memory handlers = _handler.handlers();
        for (uint256 i = 0; i < depth; ++i) {
            uint256 word = uint256(keccak256(abi.encode(a, b, i)));
            bytes memory data = abi.encodeWithSelector(handlers[word % handlers.length], word >> 8);
            (bool success, bytes memory reason) = address(_handler).call(data);
            if (!success) _bubble(reason);
            if (i % 8 == 7) _handler.checkBooks();
        }
        _handler.exit();
        _handler.checkBooks();
        _handler.checkDrained();
        Tally.tell(_handler);
    }

    function _bubble(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }
}
