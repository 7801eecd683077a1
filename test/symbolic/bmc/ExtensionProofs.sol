// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Phases} from "../../../contracts/libraries/Phases.sol";
import {RoundFacts} from "../../../contracts/types/JobTypes.sol";

/// @title ExtensionProofs
/// @notice What holds of stale synchronous Training, which goes on in proportion to those missing, for all facts and
/// times.
contract ExtensionProofs {
    /// @notice an extension is at most one period, a whole one where all are missing, and none where nobody is
    function proveExtensionBounds(RoundFacts memory round, uint24 period) external pure {
        uint256 extension = Phases.extensionOf(round, period);
        assert(extension <= period);
        assert(extension == 0 || round.expectedCommitted < round.expected);
        assert(extension == period || round.expectedCommitted > 0 || round.expected == 0);
    }
}
