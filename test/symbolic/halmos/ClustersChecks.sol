// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clusters} from "../../../contracts/libraries/Clusters.sol";

/// @title ClustersChecks
/// @notice What holds of near-clones for any labels, and for weights below 16 where products meet.
contract ClustersChecks {
    /// @notice copies pay nothing: what a cluster of two weighs is at most its larger weight, and neither gains
    function check_clusterWeighsAtMostItsLargest(uint8 a, uint8 b, uint8 label) external pure {
        require(a < 16 && b < 16);
        uint256[] memory weights = _two(a, b);
        Clusters.share(weights, _two(label, label));
        assert(weights[0] + weights[1] <= Clusters.PARTS * (a > b ? a : b));
        assert(weights[0] <= Clusters.PARTS * a && weights[1] <= Clusters.PARTS * b);
    }

    /// @notice an update alone under its label keeps its weight, whatever the others are
    function check_aloneKeepsWeight(uint16 a, uint16 b, uint16 c, uint8[3] memory labels) external pure {
        require(labels[0] != labels[1] && labels[0] != labels[2]);
        uint256[] memory weights = _three(a, b, c);
        Clusters.share(weights, _three(labels[0], labels[1], labels[2]));
        assert(weights[0] == Clusters.PARTS * a);
    }

    /// @notice nobody is framed out of its pay: put under one label with a stranger's, an update keeps half or more
    function check_framedKeepsHalf(uint8 victim, uint8 framer, uint8 label) external pure {
        require(victim < 16 && framer < 16);
        uint256[] memory weights = _two(victim, framer);
        Clusters.share(weights, _two(label, label));
        assert(weights[0] >= (Clusters.PARTS * victim) / 2);
    }

    /// @notice of three reports two that agree decide, and where all differ the update is nobody's clone
    function check_pluralityDecides(uint8 a, uint8 b, uint8 c, uint8 own) external pure {
        uint256 label = Clusters.pluralityOf(_three(a, b, c), own);
        if (a == b || a == c) assert(label == a);
        else if (b == c) assert(label == b);
        else assert(label == own);
    }

    /// @notice two reports against two name nobody: the update is nobody's clone
    function check_tieClearsUpdate(uint8 a, uint8 b, uint8 own) external pure {
        require(a != b);
        uint256[] memory reports = new uint256[](4);
        (reports[0], reports[1], reports[2], reports[3]) = (a, b, a, b);
        assert(Clusters.pluralityOf(reports, own) == own);
    }

    function _two(uint256 a, uint256 b) private pure returns (uint256[] memory values) {
        values = new uint256[](2);
        (values[0], values[1]) = (a, b);
    }

    function _three(uint256 a, uint256 b, uint256 c) private pure returns (uint256[] memory values) {
        values = new uint256[](3);
        (values[0], values[1], values[2]) = (a, b, c);
    }
}
