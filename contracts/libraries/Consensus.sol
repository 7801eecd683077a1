// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Consensus
/// @notice What a committee agrees on for an update: void, or the lower median and its band. Pure.
/// @dev Mirrored in `sdk/protocol/consensus.ts` and compared with it on the same random vectors.
library Consensus {
    /// @notice What a verdict depends on beside the scores.
    struct Rule {
        /// Seats of the committee, silent ones too.
        uint256 seats;
        /// Narrowest and widest band, in score units. On a common holdout both are the same, for honest scores agree to
        /// the unit: no deviation widens it.
        uint256 tolerance;
        uint256 maxTolerance;
        /// True where all validators score on the same holdout.
        bool common;
    }

    /// @notice What a committee says of one update.
    struct Verdict {
        /// In score units, or void.
        int256 median;
        /// In score units, at least 1; 0 where the median is void.
        uint256 band;
        /// False where there is no majority for a number nor for a void; the median is `UNAVAILABLE` then.
        bool decided;
    }

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

    /// @notice Returns what the committee says of one update. Majorities are of all its seats, silent ones too, so that
    /// half of a committee decides nothing, whoever is absent.
    /// @dev Void where more than half of the seats say so: `INVALID` where as many say just that, else `UNAVAILABLE`.
    /// A number, the lower median of the scores that are numbers, where more than half of the seats give a number or,
    /// on a common holdout, a number within the band. Otherwise undecided.
    /// @param scores Of the seats that count; sorted in place.
    function verdictOf(int256[] memory scores, Rule memory rule) internal pure returns (Verdict memory) {
        sort(scores);
        uint256 invalid = 0;
        while (invalid < scores.length && scores[invalid] == INVALID) ++invalid;
        uint256 void = invalid;
        while (void < scores.length && isVoid(scores[void])) ++void;
        if (2 * void > rule.seats) return Verdict(2 * invalid > rule.seats ? INVALID : UNAVAILABLE, 0, true);

        uint256 numbers = scores.length - void;
        if (2 * numbers <= rule.seats) return Verdict(UNAVAILABLE, 0, false);
        int256 median = scores[void + (numbers - 1) / 2];
        uint256 band = 4 * _distanceOf(scores, median, void, numbers / 2);
        if (band < rule.tolerance) band = rule.tolerance;
        if (band > rule.maxTolerance) band = rule.maxTolerance;
        // More than half of the seats lie within the band if the one at this place does.
        bool decided = !rule.common || _distanceOf(scores, median, void, rule.seats / 2) <= band;
        return decided ? Verdict(median, band, true) : Verdict(UNAVAILABLE, 0, false);
    }

    /// @dev The least distance from the median within which `others` other numbers lie. Numbers closest to the median
    /// stand side by side, so it is the least reach of all runs of `others + 1` neighbours.
    /// @param scores Ascending, void ones first.
    /// @param first Place of the first number.
    /// @param others At least half of the numbers, and less than all: every such run has the median in it.
    function _distanceOf(
        int256[] memory scores,
        int256 median,
        uint256 first,
        uint256 others
    ) private pure returns (uint256 least) {
        // Honest seats on a common holdout agree to the unit.
        if (scores[first] == scores[scores.length - 1]) return 0;
        least = type(uint256).max;
        for (uint256 i = first; i + others < scores.length; ++i) {
            // The run's ends lie on both sides of the median, or on it.
            (uint256 below, uint256 above) = (distance(scores[i], median), distance(scores[i + others], median));
            uint256 reach = below > above ? below : above;
            if (reach < least) least = reach;
        }
    }

    /// @notice Returns 10,000 x max(0, 1 - |score - median| / band), rounded up by less than one.
    function agreement(int256 score, int256 median, uint256 band) internal pure returns (uint256) {
        // Unchecked: a distance has at most 17 bits, and the difference is positive where it is used.
        unchecked {
            uint256 loss = (FULL_AGREEMENT * distance(score, median)) / band;
            return loss >= FULL_AGREEMENT ? 0 : FULL_AGREEMENT - loss;
        }
    }

    /// @notice Returns |a - b|.
    function distance(int256 a, int256 b) internal pure returns (uint256) {
        // Unchecked: scores have 16 bits. Cast: the larger minus the smaller is not negative.
        unchecked {
            return uint256(a > b ? a - b : b - a);
        }
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
            // Unchecked: `j` is above 0 where it is lessened.
            unchecked {
                for (; j > 0 && values[j - 1] > value; --j) values[j] = values[j - 1];
            }
            values[j] = value;
        }
    }
}
