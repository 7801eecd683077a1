// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttemptOutcome, CommitteeFacts} from "../types/PanelTypes.sol";
import {RoundFacts, RoundOutcome, RoundTerms, Sync} from "../types/JobTypes.sol";
import {Phase} from "../types/Phase.sol";

/// @title Phases
/// @notice Which phase follows from the stored facts at a time. Intervals are half open, `[start, end)`. Pure.
/// @dev Mirrored in `sdk/protocol/phases.ts`.
library Phases {
    uint256 private constant BPS = 10_000;

    /// @notice Returns where a round stands before its committee is drawn, or `Draw` once that is the committee's
    /// affair.
    /// @param round Facts as of `time`: see {asOf}.
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
    /// @dev `Settlement` lasts until the attempt is settled or, after its end, failed.
    /// @param time In seconds.
    function ofCommittee(CommitteeFacts memory committee, uint256 time) internal pure returns (Phase) {
        if (committee.drawnAt == 0) return Phase.Draw;
        if (time < committee.scoringEnd) return Phase.Scoring;
        if (time < committee.revealEnd && committee.committed > 0) return Phase.Reveal;
        if (committee.attestationEnd == 0) return Phase.Tally;
        if (time < committee.attestationEnd) return Phase.Attestation;
        return Phase.Settlement;
    }

    /// @notice Returns a round's facts as of `time`, with the extension that stale synchronous Training has if some of
    /// the expected are missing at its deadline: period x missing / expected, once (Ghanem et al. 2021).
    /// @param time In seconds.
    function asOf(
        RoundFacts memory round,
        RoundTerms memory terms,
        uint256 time
    ) internal pure returns (RoundFacts memory) {
        bool due = terms.sync == Sync.Ssp && !round.extended && !round.closedEarly && !round.confirming;
        if (!due || time < round.trainingEnd) return round;
        round.extended = true;
        uint256 extension = extensionOf(round, terms.trainingPeriod);
        // Casts: times have 40 bits, and an extension is at most one period.
        round.trainingEnd += uint40(extension);
        round.disclosureEnd += uint40(extension);
        return round;
    }

    /// @notice Returns for how long Training goes on after its deadline, in seconds, rounded down.
    function extensionOf(RoundFacts memory round, uint256 period) internal pure returns (uint256) {
        if (round.expected <= round.expectedCommitted) return 0;
        return (period * (round.expected - round.expectedCommitted)) / round.expected;
    }

    /// @notice Returns when Training ends now that `round` has changed: at once, but not before `minTraining`, if
    /// {isComplete}, else as before.
    /// @param time In seconds.
    function earlyEnd(RoundFacts memory round, RoundTerms memory terms, uint256 time) internal pure returns (uint256) {
        if (round.closedEarly || !isComplete(round, terms)) return round.trainingEnd;
        uint256 earliest = round.trainingStart + terms.minTraining;
        if (earliest < time) earliest = time;
        return earliest < round.trainingEnd ? earliest : round.trainingEnd;
    }

    /// @notice Returns whether enough members have committed: everyone expected or, barrierless, the share or the
    /// number that the job names (Ghanem et al. 2021, BSP, SSP and BAP).
    function isComplete(RoundFacts memory round, RoundTerms memory terms) internal pure returns (bool) {
        if (round.expected != 0 && round.expectedCommitted >= round.expected) return true;
        if (terms.sync != Sync.Bap) return false;
        if (terms.releaseCount != 0 && round.committed >= terms.releaseCount) return true;
        return round.expected != 0 && round.committed * BPS >= uint256(terms.releaseBps) * round.expected;
    }

    /// @notice Returns whether a time lies in the last third of a phase. A transaction in it shows that the chain took
    /// transactions while there was time to act, so that silence can be slashed.
    /// @param start In seconds.
    /// @param end Exclusive, in seconds.
    /// @param time In seconds.
    function isLate(uint256 start, uint256 end, uint256 time) internal pure returns (bool) {
        return time < end && 3 * (end - time) <= end - start;
    }

    /// @notice Returns whether an attempt is over.
    function isOver(CommitteeFacts memory committee) internal pure returns (bool) {
        return committee.outcome != AttemptOutcome.None;
    }
}
