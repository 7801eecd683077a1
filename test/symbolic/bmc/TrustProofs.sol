// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Trust} from "../../../contracts/libraries/Trust.sol";

/// @title TrustProofs
/// @notice What holds of growth for values and totals up to 2^136, far above what a job can hold.
contract TrustProofs {
    /// @notice trust grows by at most the total, and loses at most the total
    function proveGrownBounded(uint136 value, int16 gainBps, uint136 total) external pure {
        uint256 grown = Trust.grown(value, gainBps, total);
        assert(grown <= uint256(value) + total);
        assert(grown + total >= value);
    }

    /// @notice a score of 0 or below never raises trust, one of 0 or above never lowers it
    function proveGrownSign(uint136 value, int16 gainBps, uint136 total) external pure {
        uint256 grown = Trust.grown(value, gainBps, total);
        assert(gainBps > 0 || grown <= value);
        assert(gainBps < 0 || grown >= value);
    }
}
