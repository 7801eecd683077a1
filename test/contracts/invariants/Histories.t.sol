// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../Vm.sol";
import {Ghosts} from "./Ghosts.sol";
import {Handler} from "./Handler.sol";

/// @notice Random histories, each followed to its end. Runs and depth come from `CW_HISTORIES` and `CW_DEPTH`.
/// @dev Unlike in an invariant campaign a revert of an action that the rules allow fails the test.
contract HistoriesTest {
    bytes4[] private _handlers = [
        Handler.post.selector,
        Handler.join.selector,
        Handler.quit.selector,
        Handler.releaseBond.selector,
        Handler.cancel.selector,
        Handler.close.selector,
        Handler.stake.selector,
        Handler.enlist.selector,
        Handler.delist.selector,
        Handler.thaw.selector,
        Handler.release.selector,
        Handler.withdraw.selector,
        Handler.donate.selector,
        Handler.credit.selector,
        Handler.pass.selector
    ];

    /// @notice I1 to I9 hold along random histories, and every handler succeeds.
    function test_randomHistoriesKeepTheInvariantsAndDrain() external {
        uint256 histories = vm.envOr("CW_HISTORIES", 24);
        uint256 depth = vm.envOr("CW_DEPTH", 64);
        uint256[27] memory successes;
        for (uint256 i = 0; i < histories; ++i) {
            Handler handler = _history(uint256(keccak256(abi.encode("history", vm.envOr("CW_SEED", 1), i))), depth);
            for (uint256 a = 0; a < successes.length; ++a) successes[a] += handler.successes(a);
        }
        for (uint256 a = 0; a < successes.length; ++a) {
            require(
                successes[a] >= vm.envOr("CW_SUCCESSES", 1),
                string.concat("a handler never succeeded: ", _name(a))
            );
        }
    }

    /// @notice I9: a history of any seed ends with nothing left but what was burned.
    function testFuzz_historyDrains(uint256 seed) external {
        _history(seed, 16);
    }

    function _history(uint256 seed, uint256 depth) private returns (Handler handler) {
        handler = new Handler();
        for (uint256 i = 0; i < depth; ++i) {
            uint256 word = uint256(keccak256(abi.encode(seed, i)));
            // Every second step takes a job further, so that histories get somewhere.
            bytes4 selector = i % 2 == 0 ? Handler.progress.selector : _handlers[word % _handlers.length];
            (bool success, bytes memory reason) = address(handler).call(abi.encodeWithSelector(selector, word >> 8));
            if (!success) _bubble(reason);
            if (i % 8 == 7) _check(handler);
        }
        handler.exit();
        _check(handler);
        handler.checkDrained();
    }

    function _check(Ghosts ghosts) private view {
        ghosts.checkI1();
        ghosts.checkI2();
        ghosts.checkI7();
        ghosts.checkI8();
    }

    function _bubble(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }

    function _name(uint256 action) private pure returns (string memory) {
        bytes memory digits = new bytes(2);
        digits[0] = bytes1(uint8(48 + action / 10));
        digits[1] = bytes1(uint8(48 + (action % 10)));
        return string(digits);
    }
}
