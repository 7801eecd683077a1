// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Draw} from "../../../contracts/libraries/Draw.sol";

/// @title DrawChecks
/// @notice What holds of a committee of three for any seed.
contract DrawChecks {
    /// @notice three places drawn out of five are different and lie in the list
    function check_placesDiffer(bytes32 seed) external pure {
        uint256[] memory drawn = Draw.places(seed, 5, 3);
        assert(drawn[0] < 5 && drawn[1] < 5 && drawn[2] < 5);
        assert(drawn[0] != drawn[1] && drawn[0] != drawn[2] && drawn[1] != drawn[2]);
    }

    /// @notice three places drawn out of three are all of them
    function check_placesComplete(bytes32 seed) external pure {
        uint256[] memory drawn = Draw.places(seed, 3, 3);
        assert(drawn[0] + drawn[1] + drawn[2] == 3);
        assert(drawn[0] != drawn[1] && drawn[0] != drawn[2] && drawn[1] != drawn[2]);
    }

    /// @notice two salts opened after the first one in either order make the same entropy
    function check_saltsCommute(bytes32 entropy, address a, address b, bytes32 one, bytes32 other) external view {
        bytes32 forth = Draw.mixed(Draw.mixed(entropy, false, a, one), false, b, other);
        bytes32 back = Draw.mixed(Draw.mixed(entropy, false, b, other), false, a, one);
        assert(forth == back);
    }
}
