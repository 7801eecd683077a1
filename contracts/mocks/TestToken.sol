// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title TestToken
/// @notice An honest ERC-20 token that anyone may mint. For tests.
contract TestToken is ERC20("Test token", "TEST") {
    /// @notice Mints `amount` to `account`, in the token's smallest unit.
    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }
}
