// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IScoringPanel} from "../../../contracts/interfaces/IScoringPanel.sol";
import {ITrainingMarket} from "../../../contracts/interfaces/ITrainingMarket.sol";
import {TrainersPay, Update, ValidatorsPay} from "../../../contracts/types/JobTypes.sol";

/// @notice Who should be paid what, to the unit: place by place in a round or a committee.
library Dues {
    /// @dev Differences of one running floor, from the weights that the panel names.
    function ofTrainers(
        ITrainingMarket market,
        uint256 jobId,
        uint256 round
    ) internal view returns (address[] memory payees, uint256[] memory amounts) {
        TrainersPay memory pay = market.trainersPayOf(jobId, round);
        if (pay.earned == 0) return (payees, amounts);
        (Update[] memory updates, ) = market.ROUNDS().updatesOf(jobId, round);
        uint256[] memory weights = market.LIFECYCLE().weightsOf(jobId, round, pay.attempt);
        payees = new address[](updates.length);
        amounts = new uint256[](updates.length);
        uint256 total = 0;
        for (uint256 j = 0; j < weights.length; ++j) total += weights[j];
        uint256 upTo = 0;
        uint256 paid = 0;
        for (uint256 j = 0; j < weights.length; ++j) {
            payees[j] = updates[j].trainer;
            upTo += weights[j];
            // No overflow: rewards here are below 2^61, weights below 2^32.
            amounts[j] = (pay.earned * upTo) / total - paid;
            paid += amounts[j];
        }
        require(paid == pay.earned, "I3: the parts are not the whole");
    }

    function ofValidators(
        ITrainingMarket market,
        uint256 jobId,
        uint256 round,
        uint256 attempt
    ) internal view returns (address[] memory payees, uint256[] memory amounts) {
        ValidatorsPay memory pay = market.validatorsPayOf(jobId, round, attempt);
        if (pay.quality + pay.attestation == 0) return (payees, amounts);
        IScoringPanel panel = market.PANEL();
        (payees, amounts) = panel.sharesOf(jobId, round, attempt, pay.quality, pay.attestation);
        uint256 paid = 0;
        for (uint256 i = 0; i < amounts.length; ++i) paid += amounts[i];
        require(paid == uint256(pay.quality) + pay.attestation, "I3: the parts are not the whole");
    }

    /// @notice Returns what `payee` gets where the places `bits` are credited.
    function sumFor(
        address payee,
        address[] memory payees,
        uint256[] memory amounts,
        uint256 bits
    ) internal pure returns (uint256 sum) {
        for (uint256 j = 0; j < payees.length; ++j) {
            if (payees[j] == payee && (bits >> j) & 1 == 1) sum += amounts[j];
        }
    }

    /// @notice Returns what all get where the places `bits` are credited.
    function sumOf(uint256[] memory amounts, uint256 bits) internal pure returns (uint256 sum) {
        for (uint256 j = 0; j < amounts.length; ++j) {
            if ((bits >> j) & 1 == 1) sum += amounts[j];
        }
    }
}
