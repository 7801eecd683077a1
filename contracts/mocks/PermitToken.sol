// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title PermitToken
/// @notice An honest ERC-20 token that takes signed allowances (EIP-2612) and that anyone may mint. For tests.
contract PermitToken is ERC20("Permit token", "PERMIT"), ERC20Permit("Permit token") {
    /// @notice Mints `amount` to `account`, in the token's smallest unit.
    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }
}
