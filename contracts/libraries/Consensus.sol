// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Consensus
/// @notice The robust consensus of a committee's scores: lower median, band, agreement. Pure.
/// @dev Mirrored in `sdk/protocol/consensus.ts` and compared with it on the same random vectors.
library Consensus {
    /// @notice Score of an update that is malformed.
    int256 internal constant INVALID = type(int16).min;
    /// @notice Score of an update that could not be fetched. Void like `INVALID`, but costs no trust.
    int256 internal constant UNAVAILABLE = INVALID + 1;
    /// @notice First number of a score vector that judges a sealed holdout: it could be decrypted and parsed.
    int256 internal constant READABLE = 1;
    /// @notice Agreement of a score that equals the consensus.
    uint256 internal constant FULL_AGREEMENT = 10_000;
    /// @notice Scores in one storage word.
    uint256 internal constant LANES = 16;

    /// @notice Returns whether a score says that there is nothing to score.
    function isVoid(int256 score) internal pure returns (bool) {
        return score <= UNAVAILABLE;
    }

    /// @notice Returns score `index` of a packed vector: 16 signed scores a word, the first in the lowest bits.
    function unpack(uint256 word, uint256 index) internal pure returns (int256) {
        // Cast: the shift leaves the lane in the low 16 bits, and truncating to them is what is meant.
        return int16(uint16(word >> (16 * (index % LANES))));
    }

    /// @notice Returns `word` with `score` put into an empty lane.
    function pack(uint256 word, uint256 index, int256 score) internal pure returns (uint256) {
        // Cast: scores come from `unpack` and fit into 16 bits.
        return word | (uint256(uint16(int16(score))) << (16 * (index % LANES)));
    }

    /// @notice Returns the lower median of the scores and the band around it.
    /// @dev Sorts `scores` in place. Voids sort lowest. The band is 4 x the *upper* median of |s - median| over the
    /// scores that are numbers, clamped to `[tolerance, maxTolerance]`; it is 0 where the median is void.
    /// @param scores At least one score.
    /// @param tolerance Narrowest band, in score units, at least 1.
    /// @param maxTolerance Widest band, in score units.
    function verdictOf(
        int256[] memory scores,
        uint256 tolerance,
        uint256 maxTolerance
    ) internal pure returns (int256 median, uint256 band) {
        sort(scores);
        median = scores[(scores.length - 1) / 2];
        if (isVoid(median)) return (median, 0);

        uint256 first = 0;
        while (isVoid(scores[first])) ++first;
        int256[] memory distances = new int256[](scores.length - first);
        for (uint256 i = 0; i < distances.length; ++i) {
            // Cast: a distance of two 16-bit numbers is below 2^17.
            distances[i] = int256(distance(scores[first + i], median));
        }
        sort(distances);
        // Cast: distances are not negative.
        band = 4 * uint256(distances[distances.length / 2]);
        if (band < tolerance) band = tolerance;
        if (band > maxTolerance) band = maxTolerance;
    }

    /// @notice Returns 10,000 x max(0, 1 - |score - median| / band), rounded up by less than one.
    function agreement(int256 score, int256 median, uint256 band) internal pure returns (uint256) {
        uint256 loss = (FULL_AGREEMENT * distance(score, median)) / band;
        return loss >= FULL_AGREEMENT ? 0 : FULL_AGREEMENT - loss;
    }

    /// @notice Returns |a - b|.
    function distance(int256 a, int256 b) internal pure returns (uint256) {
        // Cast: the larger minus the smaller is not negative.
        return uint256(a > b ? a - b : b - a);
    }

    /// @notice Returns the reveals without which an attempt fails: max(3, ceil(2k / 3)).
    function quorum(uint256 seats) internal pure returns (uint256) {
        uint256 twoThirds = (2 * seats + 2) / 3;
        return twoThirds < 3 ? 3 : twoThirds;
    }

    /// @notice Sorts in place, ascending. Insertion sort: committees have at most 31 seats.
    function sort(int256[] memory values) internal pure {
        for (uint256 i = 1; i < values.length; ++i) {
            int256 value = values[i];
            uint256 j = i;
            for (; j > 0 && values[j - 1] > value; --j) values[j] = values[j - 1];
            values[j] = value;
        }
    }
}
