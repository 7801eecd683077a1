// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Phases} from "../../../contracts/libraries/Phases.sol";
import {RoundFacts, RoundOutcome, Sync, RoundTerms} from "../../../contracts/types/JobTypes.sol";
import {CommitteeFacts} from "../../../contracts/types/PanelTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";

/// @title PhasesProofs
/// @notice What holds of phases for all facts and times: time alone never brings one back.
contract PhasesProofs {
    /// @notice a committee's phases only move forward while its facts stay the same
    function proveCommitteeMovesForward(CommitteeFacts memory committee, uint40 time, uint40 later) external pure {
        require(time <= later);
        require(committee.scoringEnd <= committee.revealEnd);
        require(committee.attestationEnd == 0 || committee.revealEnd <= committee.attestationEnd);
        assert(Phases.ofCommittee(committee, time) <= Phases.ofCommittee(committee, later));
    }

    /// @notice a round never comes back to Training, and leaves Waiting and Draw by no passing of time
    function proveRoundMovesForward(RoundFacts memory round, uint40 time, uint40 later) external pure {
        require(time <= later);
        Phase before = Phases.ofRound(round, time);
        Phase afterwards = Phases.ofRound(round, later);
        assert(afterwards != Phase.Training || before == Phase.Training);
        assert(before != Phase.Waiting || afterwards == Phase.Waiting);
        assert(before != Phase.Draw || afterwards == Phase.Draw);
    }

    /// @notice Training holds at every second before its end and at no other: half open
    function proveTrainingHalfOpen(RoundFacts memory round, uint40 time) external pure {
        require(round.outcome == RoundOutcome.None && !round.confirming);
        assert((Phases.ofRound(round, time) == Phase.Training) == (time < round.trainingEnd));
    }

    /// @notice Scoring and Reveal meet without a gap or an overlap: half open
    function proveCommitteeHalfOpen(CommitteeFacts memory committee, uint40 time) external pure {
        require(committee.drawnAt != 0 && committee.committed > 0);
        require(committee.scoringEnd <= committee.revealEnd);
        Phase phase = Phases.ofCommittee(committee, time);
        assert((phase == Phase.Scoring) == (time < committee.scoringEnd));
        assert((phase == Phase.Reveal) == (time >= committee.scoringEnd && time < committee.revealEnd));
    }

    /// @notice before the draw no time brings a committee's phase
    function proveNoPhaseBeforeDraw(CommitteeFacts memory committee, uint40 time) external pure {
        require(committee.drawnAt == 0);
        assert(Phases.ofCommittee(committee, time) == Phase.Draw);
    }

    /// @notice a commitment never makes Training longer, nor ends it in the past or before its minimum
    function proveEarlyEnd(RoundFacts memory round, RoundTerms memory terms, uint40 time) external pure {
        require(time < round.trainingEnd);
        uint256 end = Phases.earlyEnd(round, terms, time);
        assert(end <= round.trainingEnd);
        assert(end >= time);
        assert(end == round.trainingEnd || end >= uint256(round.trainingStart) + terms.minTraining);
    }

    /// @notice unless barrierless, Training is complete exactly when everyone expected, and somebody, has committed
    function proveCompleteWithBarrier(RoundFacts memory round, RoundTerms memory terms) external pure {
        require(terms.sync != Sync.Bap);
        bool everyone = round.expected > 0 && round.expectedCommitted >= round.expected;
        assert(Phases.isComplete(round, terms) == everyone);
    }

    /// @notice late is exactly the last third of a phase, with its first second and without its end
    function proveLastThird(uint40 start, uint40 end, uint40 time) external pure {
        require(start < end && start <= time);
        bool passed = 3 * (uint256(time) - start) >= 2 * (uint256(end) - start);
        assert(Phases.isLate(start, end, time) == (time < end && passed));
    }

    /// @notice every phase has a last second that is late if it lasts three seconds or more
    function proveLateSecond(uint40 start, uint40 end) external pure {
        require(start < end && end - start >= 3);
        assert(Phases.isLate(start, end, uint256(end) - 1));
        assert(!Phases.isLate(start, end, start));
    }
}
