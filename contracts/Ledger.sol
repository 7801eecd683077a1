// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ILedger} from "./interfaces/ILedger.sol";

/// @title Ledger
/// @notice The only code that touches tokens.
/// @dev Storage is private: an inheriting contract moves money through a few functions and in no other way. Accounts
/// are of three kinds. A *pot* holds money for a purpose (a job's reward, a bond, a stake, a lock); a *user* can only
/// be credited, and debited only by its own {withdraw}; what is *burned* never moves again. So liabilities = pots +
/// users + burned, each move keeps the sum, and no entry of one token touches another.
abstract contract Ledger is ILedger {
    using SafeERC20 for IERC20;

    mapping(address token => uint256) private _liabilities;
    mapping(address token => uint256) private _burned;
    mapping(address token => mapping(bytes32 pot => uint256)) private _pots;
    mapping(address token => mapping(address user => uint256)) private _users;

    /// @inheritdoc ILedger
    function withdraw(address token, address to) external override returns (uint256 amount) {
        if (to == address(0)) revert Ledger_ZeroAddress();
        amount = _users[token][msg.sender];
        if (amount == 0) revert Ledger_NothingToWithdraw(token, msg.sender);

        _users[token][msg.sender] = 0;
        _liabilities[token] -= amount;
        emit Withdrawn(token, msg.sender, to, amount);

        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransfer(to, amount);
        uint256 sent = before - IERC20(token).balanceOf(address(this));
        if (sent != amount) revert Ledger_InexactTransfer(token, amount, sent);
    }

    /// @inheritdoc ILedger
    function withdrawable(address token, address user) external view override returns (uint256) {
        return _users[token][user];
    }

    /// @inheritdoc ILedger
    function liabilities(address token) external view override returns (uint256) {
        return _liabilities[token];
    }

    /// @inheritdoc ILedger
    function burned(address token) external view override returns (uint256) {
        return _burned[token];
    }

    /// @inheritdoc ILedger
    function balanceIn(address token, bytes32 account) external view override returns (uint256) {
        return _pots[token][account];
    }

    /// @notice Uses a signed allowance (EIP-2612) of the caller, if there is one.
    /// @dev Comes first in the caller. A permit that somebody else has used already gave its allowance; one that is not
    /// valid leaves the transfer without: so its failure decides nothing.
    function _usePermit(address token, uint256 amount, Permit calldata permit) internal {
        // Where no contract is, `_collect` says so; a call would fail without a name.
        if (permit.deadline == 0 || token.code.length == 0) return;
        // Nothing is written yet: a token that calls back finds what it would have found a call earlier.
        // slither-disable-next-line reentrancy-benign,reentrancy-events
        try
            IERC20Permit(token).permit(msg.sender, address(this), amount, permit.deadline, permit.v, permit.r, permit.s)
        {
            return;
        } catch {
            return;
        }
    }

    /// @notice Books `amount` into a pot: {_collect} must follow.
    function _book(address token, bytes32 pot, uint256 amount) internal {
        _pots[token][pot] += amount;
        _liabilities[token] += amount;
    }

    /// @notice Takes from the caller what was booked.
    /// @dev The interaction comes last here and must come last in the caller. A token that re-enters moves this
    /// contract's balance, misses the exact difference and reverts the whole.
    function _collect(address token, uint256 amount) internal {
        if (token.code.length == 0) revert Ledger_NoToken(token);
        emit Deposited(token, msg.sender, amount);
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        if (received != amount) revert Ledger_InexactTransfer(token, amount, received);
    }

    /// @notice Moves `amount` from one pot to another.
    function _move(address token, bytes32 from, bytes32 to, uint256 amount) internal {
        _debit(token, from, amount);
        _pots[token][to] += amount;
    }

    /// @notice Makes `amount` of a pot withdrawable by `user`.
    function _credit(address token, bytes32 from, address user, uint256 amount) internal {
        if (amount == 0) return;
        _debit(token, from, amount);
        _users[token][user] += amount;
        emit Credited(token, user, amount);
    }

    /// @notice Burns `amount` of a pot.
    function _burn(address token, bytes32 from, uint256 amount) internal {
        if (amount == 0) return;
        _debit(token, from, amount);
        _burned[token] += amount;
        emit Burned(token, amount);
    }

    /// @notice Returns what stands in a pot.
    function _balanceOf(address token, bytes32 pot) internal view returns (uint256) {
        return _pots[token][pot];
    }

    function _debit(address token, bytes32 pot, uint256 amount) private {
        uint256 balance = _pots[token][pot];
        if (balance < amount) revert Ledger_InsufficientBalance(token, pot, balance, amount);
        // Unchecked: the line above.
        unchecked {
            _pots[token][pot] = balance - amount;
        }
    }
}
