// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ILedger
/// @notice Double entry for ERC-20 tokens: every unit that a contract holds for others stands in exactly one account.
interface ILedger {
    /// @notice A signed allowance (EIP-2612) for the amount that a call takes; none where `deadline` is 0.
    struct Permit {
        /// Time until which the signature is valid, in seconds.
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice Emitted when tokens come in.
    /// @param token Token that is moved or counted.
    /// @param from Account that the tokens came from.
    /// @param amount Amount, in the token's smallest unit.
    event Deposited(address indexed token, address indexed from, uint256 amount);
    /// @notice Emitted when an amount becomes withdrawable by `user`.
    /// @param token Token that is moved or counted.
    /// @param user Account that can withdraw.
    /// @param amount Amount, in the token's smallest unit.
    event Credited(address indexed token, address indexed user, uint256 amount);
    /// @notice Emitted when an amount becomes nobody's, for good.
    /// @param token Token that is moved or counted.
    /// @param amount Amount, in the token's smallest unit.
    event Burned(address indexed token, uint256 amount);
    /// @notice Emitted when `user` takes tokens out.
    /// @param token Token that is moved or counted.
    /// @param user Account that withdrew.
    /// @param to Receiver of the tokens.
    /// @param amount Amount, in the token's smallest unit.
    event Withdrawn(address indexed token, address indexed user, address indexed to, uint256 amount);

    /// @notice Thrown when there is no contract at the address that is given as a token.
    error Ledger_NoToken(address token);
    /// @notice Thrown when a transfer moved another amount than asked for: the token takes a fee or rebases.
    error Ledger_InexactTransfer(address token, uint256 expected, uint256 actual);
    /// @notice Thrown when there is nothing to withdraw.
    error Ledger_NothingToWithdraw(address token, address user);
    /// @notice Thrown when an account does not hold what should leave it.
    error Ledger_InsufficientBalance(address token, bytes32 account, uint256 balance, uint256 amount);
    /// @notice Thrown when an address that must be given is zero.
    error Ledger_ZeroAddress();

    /// @notice Sends the caller's whole withdrawable amount of `token` to `to`.
    /// @dev Emits {Withdrawn}. The only function that debits a user.
    /// @param token Token to withdraw.
    /// @param to Receiver of the tokens.
    /// @return amount In the token's smallest unit.
    function withdraw(address token, address to) external returns (uint256 amount);

    /// @notice Returns what `user` can withdraw, in the token's smallest unit.
    /// @param token Token that is moved or counted.
    /// @param user The user.
    /// @return Amount, in the token's smallest unit.
    function withdrawable(address token, address user) external view returns (uint256);

    /// @notice Returns all that this contract owes in `token`, burned amounts included, in the token's smallest unit.
    /// @param token Token that is moved or counted.
    /// @return Amount, in the token's smallest unit.
    function liabilities(address token) external view returns (uint256);

    /// @notice Returns what was burned, in the token's smallest unit. It stays in this contract and nobody can move
    /// it.
    /// @param token Token that is moved or counted.
    /// @return Amount, in the token's smallest unit.
    function burned(address token) external view returns (uint256);

    /// @notice Returns what stands in an account that is not a user's, in the token's smallest unit.
    /// @param token Token that is moved or counted.
    /// @param account Account of the ledger: a hash of its kind and owner.
    /// @return Amount, in the token's smallest unit.
    function balanceIn(address token, bytes32 account) external view returns (uint256);
}
