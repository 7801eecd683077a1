// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Payouts} from "../../../contracts/libraries/Payouts.sol";
import {PayRule} from "../../../contracts/types/JobTypes.sol";

/// @title WeightProofs
/// @notice What holds of weights at full width. Products: see `bmc/`.
contract WeightProofs {
    /// @notice by gain, a weight is the distance to the noise floor for a score above it that is accepted, and 0 for
    /// others
    function proveWeightByGain(int16 score, int16 acceptance, uint16 noiseFloor) external pure {
        uint256 weight = Payouts.weightOf(score, _rule(PayRule.ByGain, acceptance, noiseFloor));
        int256 gain = int256(score) - int256(uint256(noiseFloor));
        assert((weight > 0) == (gain > 0 && score >= acceptance));
        assert(weight == 0 || int256(weight) == gain);
    }

    /// @notice in equal parts, exactly the scores that weigh by gain weigh, and each of them 1
    function proveWeightEqual(int16 score, int16 acceptance, uint16 noiseFloor) external pure {
        uint256 equal = Payouts.weightOf(score, _rule(PayRule.Equal, acceptance, noiseFloor));
        uint256 byGain = Payouts.weightOf(score, _rule(PayRule.ByGain, acceptance, noiseFloor));
        assert(equal == (byGain > 0 ? 1 : 0));
    }

    /// @notice a better score never weighs less
    function proveWeightRises(int16 low, int16 high, PayRule payRule, int16 acceptance, uint16 floor) external pure {
        require(low <= high);
        Payouts.WeightRule memory rule = _rule(payRule, acceptance, floor);
        assert(Payouts.weightOf(low, rule) <= Payouts.weightOf(high, rule));
    }

    /// @notice a score of 0 or below, a void one too, weighs nothing, whatever a job accepts
    function proveNoGainNoWeight(int16 score, PayRule payRule, int16 acceptance, uint16 floor) external pure {
        require(score <= 0);
        assert(Payouts.weightOf(score, _rule(payRule, acceptance, floor)) == 0);
    }

    /// @notice the weights of 64 updates fit into the 32 bits that a round keeps their sum in
    function proveTotalWeightFits(int16 score, PayRule payRule, int16 acceptance, uint16 floor) external pure {
        assert(64 * Payouts.weightOf(score, _rule(payRule, acceptance, floor)) <= type(uint32).max);
    }

    function _rule(
        PayRule payRule,
        int16 acceptance,
        uint16 floor
    ) private pure returns (Payouts.WeightRule memory rule) {
        rule.payRule = payRule;
        rule.acceptance = acceptance;
        rule.noiseFloor = floor;
    }
}
