// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Trust} from "../../../contracts/libraries/Trust.sol";

/// @title GrowthProofs
/// @notice What holds of growth for values and totals up to 2^136, far above what a job can hold. Products: see `bmc/`.
contract GrowthProofs {
    /// @notice a score above 0 never lowers trust, one below 0 never raises it, and 0 leaves it
    function proveGrownSign(uint136 value, int16 gainBps, uint136 total) external pure {
        uint256 grown = Trust.grown(value, gainBps, total);
        assert(gainBps < 0 || grown >= value);
        assert(gainBps != 0 || grown == value);
    }

    /// @notice a full loss of a member that holds no more than the total leaves nothing, and a full gain adds the total
    function proveGrownExtremes(uint136 value, uint136 total) external pure {
        require(value <= total);
        assert(Trust.grown(value, -Trust.BPS, total) == 0);
        assert(Trust.grown(value, Trust.BPS, total) == uint256(value) + total);
    }
}
