// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Payouts} from "../../../contracts/libraries/Payouts.sol";

/// @title WeightProofs
/// @notice What holds of weights at full width. Products: see `bmc/`.
contract WeightProofs {
    /// @notice a weight is 0 up to the noise floor and the distance to it above, so at most 32,767
    function proveWeight(int16 score, uint16 noiseFloor) external pure {
        uint256 weight = Payouts.weightOf(score, noiseFloor);
        assert(weight <= 32_767);
        assert(weight > 0 || score <= int256(uint256(noiseFloor)));
        assert(weight == 0 || int256(weight) == int256(score) - int256(uint256(noiseFloor)));
    }

    /// @notice a better score never weighs less, and a higher noise floor never makes it weigh more
    function proveWeightMonotone(int16 low, int16 high, uint16 noiseFloor, uint16 higherFloor) external pure {
        require(low <= high && noiseFloor <= higherFloor);
        assert(Payouts.weightOf(low, noiseFloor) <= Payouts.weightOf(high, noiseFloor));
        assert(Payouts.weightOf(low, higherFloor) <= Payouts.weightOf(low, noiseFloor));
    }

    /// @notice the weights of 64 updates fit into the 32 bits that a round keeps their sum in
    function proveTotalWeightFits(int16 score, uint16 noiseFloor) external pure {
        assert(64 * Payouts.weightOf(score, noiseFloor) <= type(uint32).max);
    }
}
