// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../Vm.sol";
import {Handler} from "./Handler.sol";

/// @notice Tells the runner what each history's actions came to: `0:5 1:16 ...`, a line a history, in the file that the
/// environment names.
library Tally {
    function tell(Handler handler) internal {
        string memory path = vm.envOr("CW_SUCCESSES_FILE", string(""));
        if (bytes(path).length == 0) return;
        uint256[] memory counts = handler.successes();
        string memory line = "";
        for (uint256 action = 0; action < counts.length; ++action) {
            line = string.concat(line, vm.toString(action), ":", vm.toString(counts[action]), " ");
        }
        vm.writeLine(path, line);
    }
}
