// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Consensus} from "../../../contracts/libraries/Consensus.sol";

/// @title ConsensusProofs
/// @notice What holds of agreement, distance and quorum for all scores and committees.
contract ConsensusProofs {
    /// @notice agreement lies in [0, 10,000] for any two scores and any band
    function proveAgreementBounds(int16 score, int16 median, uint16 band) external pure {
        require(band > 0);
        assert(Consensus.agreement(score, median, band) <= Consensus.FULL_AGREEMENT);
    }

    /// @notice a score that equals the consensus agrees in full
    function proveFullAgreement(int16 median, uint16 band) external pure {
        require(band > 0);
        assert(Consensus.agreement(median, median, band) == Consensus.FULL_AGREEMENT);
    }

    /// @notice distance is symmetric, 0 between equals alone, and keeps the triangle inequality
    function proveDistance(int16 a, int16 b, int16 c) external pure {
        assert(Consensus.distance(a, b) == Consensus.distance(b, a));
        assert((Consensus.distance(a, b) == 0) == (a == b));
        assert(Consensus.distance(a, c) <= Consensus.distance(a, b) + Consensus.distance(b, c));
    }

    /// @notice a quorum is at least 3 and at least two thirds of the seats, and a committee can reach it
    function proveQuorum(uint8 seats) external pure {
        require(seats >= 3);
        uint256 quorum = Consensus.quorum(seats);
        assert(quorum >= 3);
        assert(3 * quorum >= 2 * uint256(seats));
        assert(quorum <= seats);
    }

    /// @notice two quorums of one committee share a seat: two sets of reveals cannot both settle it
    function proveQuorumsMeet(uint8 seats) external pure {
        require(seats >= 3);
        assert(2 * Consensus.quorum(seats) > seats);
    }

    /// @notice exactly the two markers are void, and both sort below every number
    function proveVoid(int16 score) external pure {
        assert(Consensus.isVoid(score) == (score == type(int16).min || score == type(int16).min + 1));
        assert(Consensus.isVoid(score) || score > Consensus.INVALID);
        assert(Consensus.isVoid(score) || score > Consensus.UNAVAILABLE);
    }
}
