// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title WrappedNative
/// @notice The native coin as an ERC-20 token, for chains without one: local chains, tests and the demo.
contract WrappedNative is ERC20("Wrapped native coin", "WNAT") {
    /// @notice Emitted when coins are wrapped.
    event Deposit(address indexed account, uint256 amount);
    /// @notice Emitted when coins are unwrapped.
    event Withdrawal(address indexed account, uint256 amount);

    /// @notice Thrown when the coins could not be sent.
    error WrappedNative_SendFailed(address account, uint256 amount);

    /// @notice Wraps the coins sent.
    function deposit() external payable {
        _mint(msg.sender, msg.value);
        emit Deposit(msg.sender, msg.value);
    }

    /// @notice Unwraps `amount`, in wei.
    function withdraw(uint256 amount) external {
        _burn(msg.sender, amount);
        emit Withdrawal(msg.sender, amount);
        (bool sent, ) = msg.sender.call{value: amount}("");
        if (!sent) revert WrappedNative_SendFailed(msg.sender, amount);
    }
}
