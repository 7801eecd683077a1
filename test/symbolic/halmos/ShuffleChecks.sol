// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Shuffle} from "../../../contracts/libraries/Shuffle.sol";

/// @title ShuffleChecks
/// @notice What holds of one round of the shuffle for any seed, so for any hashes: the checks run with `ROUNDS` = 1, and the
/// other rounds differ in their hashes alone. What each round keeps, all together keep.
contract ShuffleChecks {
    /// @notice a round of the shuffle of 7 keeps places within the list, and different ones different: a permutation
    function check_roundPermutesSeven(bytes32 seed, uint8 one, uint8 two) external pure {
        _checkPermutes(seed, one, two, 7);
    }

    /// @notice a round of the shuffle of 8, where pivots can pair a place with itself, permutes as well
    function check_roundPermutesEight(bytes32 seed, uint8 one, uint8 two) external pure {
        _checkPermutes(seed, one, two, 8);
    }

    /// @notice a round of the shuffle swaps places or leaves them: done twice it undoes itself
    function check_roundUndoesItself(bytes32 seed, uint8 one) external pure {
        require(one < 7);
        assert(Shuffle.valueAt(seed, Shuffle.valueAt(seed, one, 7), 7) == one);
    }

    function _checkPermutes(bytes32 seed, uint256 one, uint256 two, uint256 length) private pure {
        require(one < length && two < length && one != two);
        uint256 first = Shuffle.valueAt(seed, one, length);
        uint256 second = Shuffle.valueAt(seed, two, length);
        assert(first < length && second < length);
        assert(first != second);
    }
}
