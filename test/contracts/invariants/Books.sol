// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {Stage} from "./Stage.sol";

/// @notice Books kept beside the contracts', and what holds of them at any time.
abstract contract Books is Stage {
    mapping(address ledger => mapping(address token => uint256)) internal deposited;
    mapping(address ledger => mapping(address token => uint256)) internal withdrawn;
    mapping(address ledger => mapping(address token => uint256)) internal donated;

    /// @notice I1, I2, I7 and I8, for both tokens.
    function checkBooks() public view {
        for (uint256 t = 0; t < tokens.length; ++t) {
            address token = address(tokens[t]);
            _checkI1(market, t);
            _checkI1(registry, t);
            _checkI2(market, token);
            _checkI2(registry, token);
            _checkPots(token);
            _checkStakes(t);
        }
    }

    /// @notice I9: nothing is left but what was burned.
    function checkDrained() external view {
        for (uint256 t = 0; t < tokens.length; ++t) _checkDrained(t);
    }

    function _checkDrained(uint256 t) internal view {
        address token = address(tokens[t]);
        require(market.liabilities(token) == market.burned(token), "I9: left in the market");
        require(registry.liabilities(token) == registry.burned(token), "I9: left in the registry");
    }

    /// @dev I1 per token: liabilities <= balance. I7: donations change nobody's claim: what exceeds the liabilities is
    /// exactly what was donated.
    function _checkI1(ILedger ledger, uint256 t) private view {
        uint256 balance = tokens[t].balanceOf(address(ledger));
        uint256 liabilities = ledger.liabilities(address(tokens[t]));
        require(liabilities <= balance, "I1: liabilities above the balance");
        require(balance - liabilities == donated[address(ledger)][address(tokens[t])], "I7: surplus");
    }

    /// @dev I2: deposited = withdrawn + liabilities. (Refunds are withdrawn too.)
    function _checkI2(ILedger ledger, address token) private view {
        uint256 out = withdrawn[address(ledger)][token];
        require(deposited[address(ledger)][token] == out + ledger.liabilities(token), "I2: deposited");
    }

    /// @dev I2, the other half: liabilities = pots + users + burned.
    function _checkPots(address token) private view {
        uint256 owed = market.burned(token);
        for (uint256 i = 0; i < actors.length; ++i) owed += market.withdrawable(token, actors[i]);
        for (uint256 jobId = jobBook.jobCount(); jobId > 0; --jobId) {
            if (jobBook.tokenOf(jobId) != token) continue;
            owed += market.balanceIn(token, _pot("reward", jobId));
            owed += market.balanceIn(token, _pot("earned", jobId));
            owed += market.balanceIn(token, _pot("bond", jobId));
            owed += market.balanceIn(token, _pot("initiator", jobId));
        }
        require(owed == market.liabilities(token), "I2: liabilities");
    }

    /// @notice I8: locked <= staked (one lock of the job's size for each enlistment, none without), and the sum of
    /// stakes is the registry's balance.
    function checkI8() external view {
        for (uint256 t = 0; t < tokens.length; ++t) _checkStakes(t);
    }

    function _checkStakes(uint256 t) private view {
        address token = address(tokens[t]);
        uint256 total = registry.burned(token) + donated[address(registry)][token];
        for (uint256 i = 0; i < actors.length; ++i) {
            (uint256 thawing, ) = registry.thawing(token, actors[i]);
            total += thawing + registry.freeStake(token, actors[i]) + registry.withdrawable(token, actors[i]);
        }
        for (uint256 jobId = jobBook.jobCount(); jobId > 0; --jobId) {
            if (jobBook.tokenOf(jobId) == token) total += _locked(jobId, token);
        }
        require(total == tokens[t].balanceOf(address(registry)), "I8: stakes");
    }

    function _locked(uint256 jobId, address token) private view returns (uint256 locked) {
        uint256 lock = jobBook.panelTermsOf(jobId).seatLock;
        for (uint256 i = 0; i < validators.length; ++i) {
            uint256 amount = registry.lockedStake(token, validators[i], jobId);
            require(amount == (committees.isEnlisted(jobId, validators[i]) ? lock : 0), "I8: lock");
            locked += amount;
        }
    }
}
