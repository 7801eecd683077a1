// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title HostileToken
/// @notice A token that misbehaves in the way it is told to. For tests.
/// @dev Keeps balances and no allowances: every transfer is allowed, so a test sees only the misbehaviour.
contract HostileToken {
    /// @notice What transfers do.
    enum Mode {
        Honest,
        /// Takes one per cent from the receiver.
        Fee,
        /// Moves nothing and returns false.
        ReturnsFalse,
        /// Moves the amount and returns nothing, as USDT does.
        ReturnsNothing,
        /// Reverts without a reason.
        Reverts,
        /// Burns all gas.
        EatsGas,
        /// Moves the amount and returns a megabyte.
        ReturnBomb,
        /// Moves nothing and returns true.
        Lies,
        /// Moves twice the amount where the sender has it.
        MovesTwice,
        /// Reverts with a megabyte.
        RevertBomb
    }

    /// @notice Balances, in the token's smallest unit.
    mapping(address account => uint256) public balanceOf;
    /// @notice Accounts that can neither send nor receive.
    mapping(address account => bool) public blocked;
    /// @notice What transfers do.
    Mode public mode;

    address private _target;
    bytes private _callback;
    /// @notice Whether the last re-entrant call succeeded, and what it returned.
    bool public reentered;
    bytes public answer;

    /// @notice Thrown when a blocked account sends or receives.
    error HostileToken_Blocked();

    /// @notice Mints `amount` to `account`.
    function mint(address account, uint256 amount) external {
        balanceOf[account] += amount;
    }

    /// @notice Sets what transfers do.
    function setMode(Mode mode_) external {
        mode = mode_;
    }

    /// @notice Blocks or unblocks an account.
    function setBlocked(address account, bool blocked_) external {
        blocked[account] = blocked_;
    }

    /// @notice Scales an account's balance, as rebasing tokens do.
    function rebase(address account, uint256 numerator, uint256 denominator) external {
        balanceOf[account] = (balanceOf[account] * numerator) / denominator;
    }

    /// @notice Has the next transfer call `target` with `data` before it moves anything, in this token's own name.
    function reenter(address target, bytes calldata data) external {
        _target = target;
        _callback = data;
        reentered = false;
        delete answer;
    }

    /// @notice Calls `target` in this token's own name: it can play any part in a job.
    function execute(address target, bytes calldata data) external returns (bytes memory returned) {
        bool success;
        (success, returned) = target.call(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(returned, 32), mload(returned))
            }
        }
    }

    /// @notice Accepts any allowance.
    function approve(address, uint256) external pure returns (bool) {
        return true;
    }

    /// @notice Takes any signed allowance (EIP-2612), or what the set mode makes of it.
    function permit(address, address, uint256, uint256, uint8, bytes32, bytes32) external {
        _reenter();
        if (mode == Mode.Reverts) _end(0, false);
        if (mode == Mode.RevertBomb) _end(1 << 20, false);
        if (mode == Mode.EatsGas) while (true) {}
        if (mode == Mode.ReturnBomb) _end(1 << 20, true);
    }

    /// @notice Transfers in the set mode.
    function transfer(address to, uint256 amount) external {
        _transfer(msg.sender, to, amount);
    }

    /// @notice Transfers in the set mode.
    function transferFrom(address from, address to, uint256 amount) external {
        _transfer(from, to, amount);
    }

    function _transfer(address from, address to, uint256 amount) private {
        _reenter();
        if (blocked[from] || blocked[to]) revert HostileToken_Blocked();
        Mode now_ = mode;
        if (now_ == Mode.Reverts) _end(0, false);
        if (now_ == Mode.RevertBomb) _end(1 << 20, false);
        if (now_ == Mode.EatsGas) while (true) {}
        if (now_ == Mode.ReturnsFalse) _answer(0);
        if (now_ == Mode.Lies) _answer(1);

        uint256 sent = now_ == Mode.MovesTwice ? 2 * amount : amount;
        balanceOf[from] -= sent;
        balanceOf[to] += now_ == Mode.Fee ? amount - amount / 100 : sent;
        if (now_ == Mode.ReturnsNothing) _end(0, true);
        if (now_ == Mode.ReturnBomb) _end(1 << 20, true);
        _answer(1);
    }

    function _reenter() private {
        address target = _target;
        if (target == address(0)) return;
        delete _target;
        (reentered, answer) = target.call(_callback);
    }

    function _answer(uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(0, word)
            return(0, 32)
        }
    }

    /// @dev The first word of what is returned is 1.
    function _end(uint256 size, bool success) private pure {
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, 1)
            if success {
                return(at, size)
            }
            revert(at, size)
        }
    }
}
