// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ExactToken} from "./ExactToken.sol";
import {OpenLedger} from "./OpenLedger.sol";
import {svm} from "./Svm.sol";

/// @title LedgerChecks
/// @notice One step of the ledger from any state at all: storage is symbolic, so each check is an inductive step.
/// @dev A step touches the accounts that it names. That the sum over those stays, and that an account it does not name
/// stays, gives liabilities = pots + users + burned for all accounts. Sums wrap: the ledger's own additions are
/// checked.
contract LedgerChecks {
    OpenLedger private immutable LEDGER = new OpenLedger();
    ExactToken private immutable TOKEN = new ExactToken();
    ExactToken private immutable OTHER = new ExactToken();

    /// @dev What a step must leave alone.
    struct Bystander {
        bytes32 pot;
        address user;
    }

    constructor() {
        svm.enableSymbolicStorage(address(LEDGER));
        svm.enableSymbolicStorage(address(TOKEN));
    }

    /// @notice a move keeps pots + users + burned, and changes no third pot and no user
    function check_moveKeepsSum(bytes32 from, bytes32 to, uint256 amount, Bystander memory third) external {
        require(third.pot != from && third.pot != to);
        uint256 sum = _pots(from, to);
        bytes32 rest = _rest(third);
        LEDGER.move(address(TOKEN), from, to, amount);
        assert(_pots(from, to) == sum);
        assert(_rest(third) == rest);
    }

    /// @notice a credit keeps pots + users + burned, takes from the named pot alone, and lowers nobody's balance
    function check_creditKeepsSum(bytes32 from, address user, uint256 amount, Bystander memory third) external {
        require(third.pot != from && third.user != user);
        uint256 pot = LEDGER.balanceIn(address(TOKEN), from);
        uint256 balance = LEDGER.withdrawable(address(TOKEN), user);
        bytes32 rest = _rest(third);
        LEDGER.credit(address(TOKEN), from, user, amount);
        assert(LEDGER.balanceIn(address(TOKEN), from) == pot - amount);
        assert(LEDGER.withdrawable(address(TOKEN), user) == balance + amount);
        assert(_rest(third) == rest);
    }

    /// @notice a burn keeps pots + users + burned, and what is burned only grows
    function check_burnKeepsSum(bytes32 from, uint256 amount, Bystander memory third) external {
        require(third.pot != from);
        uint256 pot = LEDGER.balanceIn(address(TOKEN), from);
        uint256 burned = LEDGER.burned(address(TOKEN));
        uint256 liabilities = LEDGER.liabilities(address(TOKEN));
        uint256 balance = LEDGER.withdrawable(address(TOKEN), third.user);
        LEDGER.burn(address(TOKEN), from, amount);
        assert(LEDGER.balanceIn(address(TOKEN), from) == pot - amount);
        assert(LEDGER.burned(address(TOKEN)) == burned + amount);
        assert(LEDGER.liabilities(address(TOKEN)) == liabilities);
        assert(LEDGER.withdrawable(address(TOKEN), third.user) == balance);
    }

    /// @notice a withdrawal pays exactly the caller's credit, lowers liabilities by it, and nobody else's balance
    function check_withdrawPaysCallerOnly(address to, Bystander memory third) external {
        require(third.user != address(this) && to != address(LEDGER));
        uint256 credit = LEDGER.withdrawable(address(TOKEN), address(this));
        uint256 liabilities = LEDGER.liabilities(address(TOKEN));
        uint256 held = TOKEN.balanceOf(address(LEDGER));
        uint256 burned = LEDGER.burned(address(TOKEN));
        uint256 pot = LEDGER.balanceIn(address(TOKEN), third.pot);
        uint256 balance = LEDGER.withdrawable(address(TOKEN), third.user);
        assert(LEDGER.withdraw(address(TOKEN), to) == credit);
        assert(LEDGER.withdrawable(address(TOKEN), address(this)) == 0);
        assert(LEDGER.liabilities(address(TOKEN)) == liabilities - credit);
        assert(TOKEN.balanceOf(address(LEDGER)) == held - credit);
        assert(LEDGER.burned(address(TOKEN)) == burned);
        assert(LEDGER.balanceIn(address(TOKEN), third.pot) == pot);
        assert(LEDGER.withdrawable(address(TOKEN), third.user) == balance);
    }

    /// @notice a deposit raises its pot, liabilities and the tokens held by the same amount, and nothing else
    function check_depositIsBacked(bytes32 to, uint256 amount, Bystander memory third) external {
        require(third.pot != to);
        uint256 pot = LEDGER.balanceIn(address(TOKEN), to);
        uint256 liabilities = LEDGER.liabilities(address(TOKEN));
        uint256 held = TOKEN.balanceOf(address(LEDGER));
        uint256 otherPot = LEDGER.balanceIn(address(TOKEN), third.pot);
        uint256 balance = LEDGER.withdrawable(address(TOKEN), third.user);
        LEDGER.deposit(address(TOKEN), to, amount);
        assert(LEDGER.balanceIn(address(TOKEN), to) == pot + amount);
        assert(LEDGER.liabilities(address(TOKEN)) == liabilities + amount);
        assert(TOKEN.balanceOf(address(LEDGER)) == held + amount);
        assert(LEDGER.balanceIn(address(TOKEN), third.pot) == otherPot);
        assert(LEDGER.withdrawable(address(TOKEN), third.user) == balance);
    }

    /// @notice no step in one token changes an entry of another
    function check_tokensApart(bytes32 from, bytes32 to, address user, uint256 amount, uint8 step) external {
        bytes32 entries = _entries(from, to, user);
        if (step == 0) LEDGER.move(address(TOKEN), from, to, amount);
        else if (step == 1) LEDGER.credit(address(TOKEN), from, user, amount);
        else if (step == 2) LEDGER.burn(address(TOKEN), from, amount);
        else LEDGER.withdraw(address(TOKEN), user);
        assert(_entries(from, to, user) == entries);
    }

    function _pots(bytes32 one, bytes32 two) private view returns (uint256) {
        uint256 first = LEDGER.balanceIn(address(TOKEN), one);
        if (one == two) return first;
        // Unchecked: sums wrap, see above.
        unchecked {
            return first + LEDGER.balanceIn(address(TOKEN), two);
        }
    }

    function _rest(Bystander memory third) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    LEDGER.balanceIn(address(TOKEN), third.pot),
                    LEDGER.withdrawable(address(TOKEN), third.user),
                    LEDGER.burned(address(TOKEN)),
                    LEDGER.liabilities(address(TOKEN))
                )
            );
    }

    function _entries(bytes32 one, bytes32 two, address user) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    LEDGER.balanceIn(address(OTHER), one),
                    LEDGER.balanceIn(address(OTHER), two),
                    LEDGER.withdrawable(address(OTHER), user),
                    LEDGER.burned(address(OTHER)),
                    LEDGER.liabilities(address(OTHER))
                )
            );
    }
}
