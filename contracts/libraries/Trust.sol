// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Trust
/// @notice FLoBC's reputation (Ghanem et al. 2021, arXiv 2112.11873), unnormalised: a member's trust is
/// `value / total`. Pure.
/// @dev Founders start with `FOUNDER` each, newcomers at 0. Mirrored in `sdk/protocol/trust.ts`.
library Trust {
    /// @notice What a founder starts with, and everyone after all trust was lost.
    uint256 internal constant FOUNDER = 1 << 64;
    /// @notice Above this total all values are divided by 2^64, lazily.
    uint256 internal constant CEILING = 1 << 128;
    /// @notice Below this total all trust counts as lost: what is left is the dust of roundings.
    uint256 internal constant FLOOR = 1 << 32;
    uint256 internal constant SCALE_BITS = 64;
    int256 internal constant BPS = 10_000;

    /// @notice A member's trust: one slot.
    struct Share {
        uint192 value;
        /// Epoch and scale of the job in which `value` was written.
        uint32 epoch;
        uint32 scale;
    }

    /// @notice A job's trust.
    struct Pool {
        /// Sum of all members' values, `departed` included.
        uint192 total;
        /// Number of times that all trust was lost and every member started again.
        uint32 epoch;
        /// Times that all values were divided by 2^64.
        uint32 scale;
        /// Values of members that left while a round ran: the round's shares keep their total.
        uint192 departed;
        /// Members, those that are leaving included.
        uint32 members;
    }

    /// @notice Returns the value of a share as of now.
    function valueOf(Share memory share, Pool memory pool) internal pure returns (uint256) {
        if (share.epoch != pool.epoch) return FOUNDER >> _shift(pool.scale);
        return uint256(share.value) >> _shift(pool.scale - share.scale);
    }

    /// @notice Returns max(value + gain x total, 0): the normalised rule of FLoBC without its division.
    /// @param gainBps Consensus score in basis points; clamped to +-10,000.
    function grown(uint256 value, int256 gainBps, uint256 total) internal pure returns (uint256) {
        int256 gain = gainBps > BPS ? BPS : (gainBps < -BPS ? -BPS : gainBps);
        // Casts: value and total stay below 2^136.
        int256 next = int256(value) + (gain * int256(total)) / BPS;
        return next > 0 ? uint256(next) : 0;
    }

    /// @notice Returns the pool after a settlement that left `sum` in all.
    /// @dev All trust lost: every member starts again with `FOUNDER`. Above `CEILING`: all values shrink.
    function rebased(Pool memory pool, uint256 sum) internal pure returns (Pool memory) {
        // Casts: `sum` is below 2^136, and members are counted in 32 bits.
        if (sum < FLOOR) return Pool(uint192(pool.members * FOUNDER), pool.epoch + 1, 0, 0, pool.members);
        if (sum <= CEILING) return Pool(uint192(sum), pool.epoch, pool.scale, 0, pool.members);
        return Pool(uint192(sum >> SCALE_BITS), pool.epoch, pool.scale + 1, 0, pool.members);
    }

    function _shift(uint256 scales) private pure returns (uint256) {
        return scales * SCALE_BITS;
    }
}
