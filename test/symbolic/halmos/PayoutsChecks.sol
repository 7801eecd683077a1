// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Payouts} from "../../../contracts/libraries/Payouts.sol";
import {Milestone} from "../../../contracts/types/JobTypes.sol";

/// @title PayoutsChecks
/// @notice What holds of shares and price lists in the compiled code, OpenZeppelin's 512-bit product included.
contract PayoutsChecks {
    /// @notice neighbouring parts add up to the part of both, wherever they meet (budgets of 16 bits, weights of 8)
    function check_sharesTelescope(uint16 budget, uint8 from, uint8 between, uint8 to, uint8 total) external pure {
        require(from <= between && between <= to && to <= total && total > 0);
        uint256 left = Payouts.shareOf(budget, from, between, total);
        uint256 right = Payouts.shareOf(budget, between, to, total);
        assert(left + right == Payouts.shareOf(budget, from, to, total));
    }

    /// @notice a price list of three points pays nothing up to its first and the whole reward from its last, less the
    /// margin
    function check_earnedEnds(
        uint128 reward,
        uint16 score,
        uint16 margin,
        uint16[3] memory scores,
        uint16 share
    ) external pure {
        require(scores[0] < scores[1] && scores[1] < scores[2] && share <= Payouts.BPS);
        Milestone[] memory curve = new Milestone[](3);
        curve[0] = Milestone(scores[0], 0);
        curve[1] = Milestone(scores[1], share);
        curve[2] = Milestone(scores[2], uint16(Payouts.BPS));
        uint256 earned = Payouts.earnedAt(curve, reward, score, margin);
        assert(score > uint256(scores[0]) + margin || earned == 0);
        assert(score < uint256(scores[2]) + margin || earned == reward);
    }

    /// @notice what is added for three payees that weigh 1, 0 and 3 is the budget exactly, and nothing for the second
    function check_addSharesExact(uint120 budget) external pure {
        uint256[] memory weights = new uint256[](3);
        uint256[] memory amounts = new uint256[](3);
        (weights[0], weights[2]) = (1, 3);
        Payouts.addShares(amounts, budget, weights);
        assert(amounts[0] + amounts[1] + amounts[2] == budget);
        assert(amounts[1] == 0);
    }
}
