// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Milestone, PayRule} from "../types/JobTypes.sol";

/// @title Payouts
/// @notice Who gets how much. Pure.
/// @dev Mirrored in `sdk/protocol/payouts.ts` and compared with it on the same random vectors.
library Payouts {
    uint256 internal constant BPS = 10_000;

    /// @notice What a job's parameters say of an update's weight.
    struct WeightRule {
        PayRule payRule;
        /// Lowest score that counts.
        int256 acceptance;
        /// Highest score that weighs nothing.
        uint256 noiseFloor;
    }

    /// @notice Returns the part of `budget` earned by weight `(before, upTo]` out of `total`, rounded down.
    /// @dev Differences of one running floor: over all payees the parts sum to `budget` exactly, in any order.
    function shareOf(uint256 budget, uint256 before, uint256 upTo, uint256 total) internal pure returns (uint256) {
        return Math.mulDiv(budget, upTo, total) - Math.mulDiv(budget, before, total);
    }

    /// @notice Adds each weight's part of `budget` to `amounts`; nothing where all weights are zero.
    function addShares(uint256[] memory amounts, uint256 budget, uint256[] memory weights) internal pure {
        uint256 total = 0;
        for (uint256 i = 0; i < weights.length; ++i) total += weights[i];
        if (total == 0) return;
        uint256 upTo = 0;
        for (uint256 i = 0; i < weights.length; ++i) {
            uint256 before = upTo;
            upTo += weights[i];
            amounts[i] += shareOf(budget, before, upTo, total);
        }
    }

    /// @notice Returns what an update's consensus score weighs in its round's pay: nothing below `acceptance` or up to
    /// the noise floor, else score - noiseFloor or, where all that count are paid alike, 1.
    function weightOf(int256 score, WeightRule memory rule) internal pure returns (uint256) {
        // Casts: the floor has 16 bits, and the difference is positive where it is used.
        if (score < rule.acceptance || score <= int256(rule.noiseFloor)) return 0;
        return rule.payRule == PayRule.Equal ? 1 : uint256(score - int256(rule.noiseFloor));
    }

    /// @notice Returns how much of `reward` is earned once the released model's score has reached `scoreBps`, rounded
    /// down.
    /// @dev Linear between the price list's points, read at `scoreBps - margin`. Nothing below the first, all above the
    /// last. Path-independent: what a round earns is a difference of two values of this function.
    /// @param curve Points ascending in both coordinates, shares from 0 to 10,000.
    function earnedAt(
        Milestone[] memory curve,
        uint256 reward,
        uint256 scoreBps,
        uint256 margin
    ) internal pure returns (uint256) {
        uint256 score = scoreBps > margin ? scoreBps - margin : 0;
        if (score <= curve[0].scoreBps) return 0;
        for (uint256 i = 1; i < curve.length; ++i) {
            Milestone memory right = curve[i];
            if (score >= right.scoreBps) continue;
            Milestone memory left = curve[i - 1];
            uint256 width = right.scoreBps - left.scoreBps;
            uint256 share = left.shareBps * width + uint256(right.shareBps - left.shareBps) * (score - left.scoreBps);
            return Math.mulDiv(reward, share, BPS * width);
        }
        return reward;
    }

    /// @notice Returns what a seat loses for scores outside the band: lock x 50 % x (1 - 2b), rounded down; b = inBand
    /// / numeric.
    function deviationSlash(uint256 lock, uint256 inBand, uint256 numeric) internal pure returns (uint256) {
        if (2 * inBand >= numeric) return 0;
        return Math.mulDiv(lock, numeric - 2 * inBand, 2 * numeric);
    }
}
