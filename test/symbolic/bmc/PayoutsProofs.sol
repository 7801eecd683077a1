// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Payouts} from "../../../contracts/libraries/Payouts.sol";

/// @title PayoutsProofs
/// @notice What holds of shares and slashes for amounts of 120 bits, more than JobRules admits, and weights of 32 bits.
contract PayoutsProofs {
    /// @notice the parts of three payees sum to the budget exactly
    function proveSharesSumToBudget(uint120 budget, uint32 a, uint32 b, uint32 c) external pure {
        uint256 two = uint256(a) + b;
        uint256 total = two + c;
        require(total > 0);
        uint256 first = Payouts.shareOf(budget, 0, a, total);
        uint256 second = Payouts.shareOf(budget, a, two, total);
        uint256 third = Payouts.shareOf(budget, two, total, total);
        assert(first + second + third == budget);
    }

    /// @notice neighbouring parts add up to the part of both, wherever they meet (telescoping)
    function proveSharesTelescope(uint120 budget, uint32 from, uint32 between, uint32 to, uint32 total) external pure {
        require(from <= between && between <= to && to <= total && total > 0);
        uint256 left = Payouts.shareOf(budget, from, between, total);
        uint256 right = Payouts.shareOf(budget, between, to, total);
        assert(left + right == Payouts.shareOf(budget, from, to, total));
    }

    /// @notice a part never exceeds the budget, and a payee with all the weight gets all of it
    function proveShareWithinBudget(uint120 budget, uint32 from, uint32 to, uint32 total) external pure {
        require(from <= to && to <= total && total > 0);
        assert(Payouts.shareOf(budget, from, to, total) <= budget);
        assert(Payouts.shareOf(budget, 0, total, total) == budget);
    }

    /// @notice a deviation costs at most half of the lock, and nothing with half of the scores in the band
    function proveSlashAtMostHalf(uint120 lock, uint8 inBand, uint8 numeric) external pure {
        require(inBand <= numeric && numeric > 0);
        uint256 slash = Payouts.deviationSlash(lock, inBand, numeric);
        assert(slash <= lock / 2);
        assert(slash == 0 || 2 * uint256(inBand) < numeric);
    }

    /// @notice one more score in the band never costs more
    function proveSlashFalls(uint120 lock, uint8 inBand, uint8 numeric) external pure {
        require(inBand < numeric);
        uint256 slash = Payouts.deviationSlash(lock, inBand, numeric);
        assert(Payouts.deviationSlash(lock, uint256(inBand) + 1, numeric) <= slash);
    }
}
