// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ledger} from "../../../contracts/Ledger.sol";

/// @title OpenLedger
/// @notice The ledger with its internal functions open to anyone, to be checked alone.
contract OpenLedger is Ledger {
    function deposit(address token, bytes32 to, uint256 amount) external {
        _book(token, to, amount);
        _collect(token, amount);
    }

    function move(address token, bytes32 from, bytes32 to, uint256 amount) external {
        _move(token, from, to, amount);
    }

    function credit(address token, bytes32 from, address user, uint256 amount) external {
        _credit(token, from, user, amount);
    }

    function burn(address token, bytes32 from, uint256 amount) external {
        _burn(token, from, amount);
    }
}
