// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Trust} from "../../../contracts/libraries/Trust.sol";

/// @title TrustChecks
/// @notice What holds of trust bit by bit: shifts and casts.
contract TrustChecks {
    /// @notice after a settlement the total is what members hold anew, what was left, or that divided by 2^64
    function check_rebasedTotal(Trust.Pool memory pool, uint136 sum) external pure {
        Trust.Pool memory next = Trust.rebased(pool, sum);
        if (sum < Trust.FLOOR) assert(next.total == pool.members * Trust.FOUNDER);
        else if (sum <= Trust.CEILING) assert(next.total == sum);
        else assert(next.total == sum >> Trust.SCALE_BITS);
    }

    /// @notice no settlement leaves a total between 1 and the floor of 2^32, or above the ceiling
    function check_rebasedBounds(Trust.Pool memory pool, uint136 sum) external pure {
        Trust.Pool memory next = Trust.rebased(pool, sum);
        assert(next.total >= Trust.FLOOR || (next.total == 0 && pool.members == 0));
        assert(next.total <= Trust.CEILING);
    }

    /// @notice a settlement keeps the members, forgets who departed, and moves epoch or scale on by at most one
    function check_rebasedKeeps(Trust.Pool memory pool, uint136 sum) external pure {
        Trust.Pool memory next = Trust.rebased(pool, sum);
        assert(next.members == pool.members && next.departed == 0);
        if (next.epoch == pool.epoch) assert(next.scale == pool.scale || next.scale == pool.scale + 1);
        else assert(next.epoch == pool.epoch + 1 && next.scale == 0);
    }

    /// @notice a share written in this epoch is worth what was written, or less after a rescaling, and never more
    function check_valueNeverAboveWritten(Trust.Share memory share, Trust.Pool memory pool) external pure {
        require(share.epoch == pool.epoch && share.scale <= pool.scale);
        uint256 value = Trust.valueOf(share, pool);
        assert(value <= share.value);
        assert(share.scale < pool.scale || value == share.value);
    }

    /// @notice a share of an earlier epoch counts as a founder's, scaled with the pool
    function check_newEpochStartsAnew(Trust.Share memory share, Trust.Pool memory pool) external pure {
        require(share.epoch != pool.epoch);
        uint256 value = Trust.valueOf(share, pool);
        assert(value <= Trust.FOUNDER);
        assert(pool.scale > 0 || value == Trust.FOUNDER);
    }
}
