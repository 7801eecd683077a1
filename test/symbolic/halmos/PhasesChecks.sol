// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Phases} from "../../../contracts/libraries/Phases.sol";
import {RoundFacts, Sync, RoundTerms} from "../../../contracts/types/JobTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";

/// @title PhasesChecks
/// @notice What holds of rounds as they look at a time, with the extension of stale synchronous Training, for all
/// facts.
contract PhasesChecks {
    /// @notice nothing but enough commitments ends Training early, and nothing does twice
    function check_earlyEndNeedsCommitments(
        RoundFacts memory round,
        RoundTerms memory terms,
        uint40 time
    ) external pure {
        uint256 end = Phases.earlyEnd(round, terms, time);
        assert(end == round.trainingEnd || (Phases.isComplete(round, terms) && !round.closedEarly));
    }

    /// @notice Training is extended once: later looks at the same facts see the same end
    function check_extendedOnce(
        RoundFacts memory round,
        RoundTerms memory terms,
        uint40 time,
        uint40 later
    ) external pure {
        require(round.trainingEnd <= time && time <= later);
        RoundFacts memory facts = Phases.asOf(round, terms, time);
        uint256 trainingEnd = facts.trainingEnd;
        uint256 disclosureEnd = facts.disclosureEnd;
        RoundFacts memory again = Phases.asOf(facts, terms, later);
        assert(again.trainingEnd == trainingEnd);
        assert(again.disclosureEnd == disclosureEnd);
    }

    /// @notice an extension leaves Disclosure its full length, and a round that closed early as it was
    function check_disclosureKeepsLength(RoundFacts memory round, RoundTerms memory terms, uint40 time) external pure {
        require(round.trainingEnd <= round.disclosureEnd);
        uint256 length = round.disclosureEnd - round.trainingEnd;
        uint256 end = round.trainingEnd;
        RoundFacts memory facts = Phases.asOf(round, terms, time);
        assert(facts.disclosureEnd - facts.trainingEnd == length);
        assert(facts.trainingEnd == end || (terms.sync == Sync.Ssp && !facts.closedEarly));
    }

    /// @notice with the extension, too, no time brings Training back
    function check_trainingNeverComesBack(
        RoundFacts memory round,
        RoundTerms memory terms,
        uint40 time,
        uint40 later
    ) external pure {
        require(time <= later);
        RoundFacts memory facts = Phases.asOf(round, terms, time);
        Phase before = Phases.ofRound(facts, time);
        Phase afterwards = Phases.ofRound(Phases.asOf(facts, terms, later), later);
        assert(afterwards != Phase.Training || before == Phase.Training);
    }
}
