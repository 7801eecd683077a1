// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Shuffle} from "../../../contracts/libraries/Shuffle.sol";

/// @title ShuffleChecks
/// @notice What holds of one round of the shuffle for any seed, so for any hashes: the checks run with `ROUNDS` = 1,
/// and the other rounds differ in their hashes alone. What each round keeps, all together keep.
contract ShuffleChecks {
    /// @notice a round of the shuffle of 7 keeps places within the list, and different ones different: a permutation
    function check_roundPermutesSeven(bytes32 seed, uint8 one, uint8 two) external pure {
        require(one < 7 && two < 7 && one != two);
        (uint256 first, uint256 second) = (Shuffle.valueAt(seed, one, 7), Shuffle.valueAt(seed, two, 7));
        assert(first < 7 && second < 7);
        assert(first != second);
    }

    /// @notice a round of the shuffle of 8, where pivots can pair a place with itself, permutes as well
    function check_roundPermutesEight(bytes32 seed, uint8 one, uint8 two) external pure {
        require(one < 8 && two < 8 && one != two);
        (uint256 first, uint256 second) = (Shuffle.valueAt(seed, one, 8), Shuffle.valueAt(seed, two, 8));
        assert(first < 8 && second < 8);
        assert(first != second);
    }

    /// @notice a round of the shuffle swaps places or leaves them: done twice it undoes itself
    function check_roundUndoesItself(bytes32 seed, uint8 one) external pure {
        require(one < 7);
        assert(Shuffle.valueAt(seed, Shuffle.valueAt(seed, one, 7), 7) == one);
    }
}
