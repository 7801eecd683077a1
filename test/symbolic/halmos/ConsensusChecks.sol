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
        Consensus.Verdict memory verdict = Consensus.verdictOf(
            scores,
            Consensus.Rule(3, tolerance, maxTolerance, false)
        );
        (int256 median, uint256 band) = (verdict.median, verdict.band);
        assert(verdict.decided);
        if (Consensus.isVoid(median)) assert(band == 0 && _voids(a, b, c) >= 2);
        else assert((median == a || median == b || median == c) && _voids(a, b, c) <= 1);
        if (!Consensus.isVoid(median)) assert(band >= tolerance && band <= maxTolerance);
    }

    /// @notice one liar among three cannot move the consensus past both honest scores
    function check_oneLiarIsBounded(int16 honest, int16 truth, int16 liar) external pure {
        int256[] memory scores = new int256[](3);
        (scores[0], scores[1], scores[2]) = (honest, truth, liar);
        require(_voids(honest, truth, liar) == 0);
        int256 median = Consensus.verdictOf(scores, Consensus.Rule(3, 1, 1, false)).median;
        assert(median <= (honest > truth ? honest : truth));
        assert(median >= (honest < truth ? honest : truth));
    }

    /// @notice on a common holdout two of three seats decide by agreeing, and one of them alone decides nothing
    function check_twoOfThreeDecide(int16 a, int16 b, int16 c, uint16 tolerance) external pure {
        require(tolerance > 0 && _voids(a, b, c) == 0);
        int256[] memory scores = new int256[](3);
        (scores[0], scores[1], scores[2]) = (a, b, c);
        bool decided = Consensus.verdictOf(scores, Consensus.Rule(3, tolerance, tolerance, true)).decided;
        bool agree = Consensus.distance(a, b) <= tolerance || Consensus.distance(b, c) <= tolerance;
        assert(decided == (agree || Consensus.distance(a, c) <= tolerance));
    }

    function _voids(int16 a, int16 b, int16 c) private pure returns (uint256 count) {
        if (Consensus.isVoid(a)) ++count;
        if (Consensus.isVoid(b)) ++count;
        if (Consensus.isVoid(c)) ++count;
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
