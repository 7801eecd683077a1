// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What these tests ask of a token.
interface IToken {
    function mint(address account, uint256 amount) external;
    function approve(address spender, uint256 amount) external returns (bool);
    function balanceOf(address account) external view returns (uint256);
}
