// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ExactToken
/// @notice The least token that moves what it says. Nobody needs an allowance: who may pay is not what is checked.
contract ExactToken {
    mapping(address account => uint256) public balanceOf;

    function transfer(address to, uint256 amount) external returns (bool) {
        return transferFrom(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public returns (bool) {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}
