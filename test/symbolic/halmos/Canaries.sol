// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Payouts} from "../../../contracts/libraries/Payouts.sol";
import {ExactToken} from "./ExactToken.sol";
import {OpenLedger} from "./OpenLedger.sol";
import {svm} from "./Svm.sol";

/// @title Canaries
/// @notice What does not hold: each of these must be refuted, or nothing that is proved beside them counts.
contract Canaries {
    OpenLedger private immutable LEDGER = new OpenLedger();
    ExactToken private immutable TOKEN = new ExactToken();

    constructor() {
        svm.enableSymbolicStorage(address(LEDGER));
        svm.enableSymbolicStorage(address(TOKEN));
    }

    /// @notice two thirds and one third, each rounded down by itself, sum to the budget
    function check_roundedAloneSums(uint16 budget) external pure {
        assert(Payouts.shareOf(budget, 0, 2, 3) + Payouts.shareOf(budget, 0, 1, 3) == budget);
    }

    /// @notice a credit leaves its pot as it was
    function check_creditTakesNothing(bytes32 from, address user, uint256 amount) external {
        uint256 pot = LEDGER.balanceIn(address(TOKEN), from);
        LEDGER.credit(address(TOKEN), from, user, amount);
        assert(LEDGER.balanceIn(address(TOKEN), from) == pot);
    }

    /// @notice a withdrawal leaves what the ledger owes as it was
    function check_withdrawalIsNotBooked(address to) external {
        uint256 liabilities = LEDGER.liabilities(address(TOKEN));
        LEDGER.withdraw(address(TOKEN), to);
        assert(LEDGER.liabilities(address(TOKEN)) == liabilities);
    }
}
