// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Consensus} from "../../../contracts/libraries/Consensus.sol";

/// @title ConsensusChecks
/// @notice What holds of packing, sorting and verdicts for any scores of small committees.
contract ConsensusChecks {
    /// @notice what is packed into an empty lane is unpacked from it, and no other lane changes
    function check_packUnpack(uint256 word, uint8 index, uint8 other, int16 score) external pure {
        require(index < Consensus.LANES && other < Consensus.LANES && other != index);
        require(Consensus.unpack(word, index) == 0);
        uint256 packed = Consensus.pack(word, index, score);
        assert(Consensus.unpack(packed, index) == score);
        assert(Consensus.unpack(packed, other) == Consensus.unpack(word, other));
    }

    /// @notice the consensus of three is the middle score, and its band is 0 where void and within the tolerances
    /// otherwise
    function check_verdictOfThree(int16 a, int16 b, int16 c, uint16 tolerance, uint16 maxTolerance) external pure {
        require(tolerance > 0 && tolerance <= maxTolerance);
        int256[] memory scores = new int256[](3);
        (scores[0], scores[1], scores[2]) = (a, b, c);
        (int256 median, uint256 band) = Consensus.verdictOf(scores, tolerance, maxTolerance);
        assert(median == a || median == b || median == c);
        assert((a <= median && b <= median) || (a <= median && c <= median) || (b <= median && c <= median));
        assert((a >= median && b >= median) || (a >= median && c >= median) || (b >= median && c >= median));
        if (Consensus.isVoid(median)) assert(band == 0);
        else assert(band >= tolerance && band <= maxTolerance);
    }

    /// @notice one liar among three cannot move the consensus past both honest scores
    function check_oneLiarIsBounded(int16 honest, int16 truth, int16 liar) external pure {
        int256[] memory scores = new int256[](3);
        (scores[0], scores[1], scores[2]) = (honest, truth, liar);
        (int256 median, ) = Consensus.verdictOf(scores, 1, 1);
        assert(median <= (honest > truth ? honest : truth));
        assert(median >= (honest < truth ? honest : truth));
    }

    /// @notice sorting four scores orders them and keeps their sum
    function check_sortOrders(int16 a, int16 b, int16 c, int16 d) external pure {
        int256[] memory values = new int256[](4);
        (values[0], values[1], values[2], values[3]) = (a, b, c, d);
        Consensus.sort(values);
        assert(values[0] <= values[1] && values[1] <= values[2] && values[2] <= values[3]);
        assert(values[0] + values[1] + values[2] + values[3] == int256(a) + b + c + d);
    }
}
