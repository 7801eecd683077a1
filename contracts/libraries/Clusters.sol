// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Clusters
/// @notice Near-clones share one weight: handing in a model twice pays once, and naming a stranger's model a clone
/// takes at most a part of its pay. Pure.
/// @dev Mirrored in `sdk/protocol/clusters.ts`. Each update carries a label; equal labels form a cluster.
library Clusters {
    /// @notice Labels in one storage word.
    uint256 internal constant LANES = 32;
    /// @notice Shared weights are counted in such parts of a weight: the least of 64 members is not rounded to nothing.
    uint256 internal constant PARTS = 64;

    /// @notice Returns label `index` of a packed vector: 32 labels of 8 bits a word, the first in the lowest bits.
    function unpack(uint256 word, uint256 index) internal pure returns (uint256) {
        return (word >> (8 * (index % LANES))) & 0xff;
    }

    /// @notice Returns the label that most reports name; `own` where two are named as often.
    /// @param reports At least one label.
    /// @param own The update's own index: the label of an update that is nobody's clone.
    function pluralityOf(uint256[] memory reports, uint256 own) internal pure returns (uint256 label) {
        uint256 most = 0;
        for (uint256 i = 0; i < reports.length; ++i) {
            uint256 count = 0;
            for (uint256 k = 0; k < reports.length; ++k) if (reports[k] == reports[i]) ++count;
            if (count > most) (most, label) = (count, reports[i]);
            else if (count == most && reports[i] != label) label = own;
        }
    }

    /// @notice Divides in each cluster the largest weight in proportion to its members' weights, in parts of a weight,
    /// rounded down.
    /// @dev Changes `weights` in place: all become {PARTS} times as large. An update alone in its cluster keeps its
    /// weight.
    /// @param labels One for each weight.
    function share(uint256[] memory weights, uint256[] memory labels) internal pure {
        uint256[] memory own = new uint256[](weights.length);
        for (uint256 j = 0; j < weights.length; ++j) own[j] = weights[j] * PARTS;
        for (uint256 j = 0; j < weights.length; ++j) {
            (uint256 sum, uint256 largest) = (0, 0);
            for (uint256 i = 0; i < weights.length; ++i) {
                if (labels[i] != labels[j]) continue;
                sum += own[i];
                if (own[i] > largest) largest = own[i];
            }
            weights[j] = sum > largest ? (own[j] * largest) / sum : own[j];
        }
    }
}
