// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttemptOutcome, Committee} from "../types/PanelTypes.sol";
import {RoundFacts, RoundOutcome} from "../types/JobTypes.sol";
import {Phase} from "../types/Phase.sol";

/// @title Phases
/// @notice Which phase follows from the stored facts at a time. Intervals are half open, `[start, end)`. Pure.
/// @dev Mirrored in `sdk/phases.ts`.
library Phases {
    /// @notice Returns where a round stands before its committee is drawn, or `Draw` once that is the committee's affair.
    /// @param time In seconds.
    function ofRound(RoundFacts memory round, uint256 time) internal pure returns (Phase) {
        if (round.outcome != RoundOutcome.None) return Phase.Waiting;
        if (round.confirming) return Phase.Draw;
        if (time < round.trainingEnd) return Phase.Training;
        if (round.committed == 0) return Phase.Waiting;
        if (time < round.disclosureEnd) return Phase.Disclosure;
        return round.revealed == 0 ? Phase.Waiting : Phase.Draw;
    }

    /// @notice Returns where a committee's attempt stands.
    /// @dev `Settlement` lasts until the attempt is settled or, after `settlementEnd`, failed.
    /// @param time In seconds.
    function ofCommittee(Committee memory committee, uint256 time) internal pure returns (Phase) {
        if (committee.drawnAt == 0) return Phase.Draw;
        if (time < committee.scoringEnd) return Phase.Scoring;
        if (time < committee.revealEnd && committee.committed > 0) return Phase.Reveal;
        if (committee.attestationEnd == 0) return Phase.Tally;
        if (time < committee.attestationEnd) return Phase.Attestation;
        return Phase.Settlement;
    }

    /// @notice Returns when Training ends now that `round` has one more commitment: at once, but not before
    /// `minTraining`, if everyone expected has committed (BSP; Ghanem et al. 2021), else as before.
    function trainingEndAfterCommit(
        RoundFacts memory round,
        uint256 minTraining,
        uint256 time
    ) internal pure returns (uint256) {
        if (round.closedEarly || round.expected == 0 || round.expectedCommitted < round.expected) {
            return round.trainingEnd;
        }
        uint256 earliest = round.trainingStart + minTraining;
        if (earliest < time) earliest = time;
        return earliest < round.trainingEnd ? earliest : round.trainingEnd;
    }

    /// @notice Returns whether an attempt is over.
    function isOver(Committee memory committee) internal pure returns (bool) {
        return committee.outcome != AttemptOutcome.None;
    }
}
