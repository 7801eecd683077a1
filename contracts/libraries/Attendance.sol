// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Member, Roster, RoundFacts} from "../types/JobTypes.sol";

/// @title Attendance
/// @notice Which members a round waits for. The only code that changes {Roster} and the counts in {RoundFacts}. Pure.
/// @dev A member is *expected* if it committed in, or joined after, the last round whose Training ran to its deadline
/// (`lastFullRound`): see {isExpected}. Members that leave, or sealed an update and did not disclose it, are not
/// counted, unless nobody witnessed that Disclosure. Invariant, where `facts` is of the running round and the counts in
///   it are 0 where none runs: roster.expected = facts.expected + the expected members that the running round does not
///   wait for; facts.expected - facts.expectedCommitted = the members with `since <= round` that are expected and have
/// not committed. So between rounds `roster.expected` is the number of expected members, and a confirming round waits
/// for nobody. The table of transitions stands in docs/protocol.md ("Whom a round waits for").
library Attendance {
    /// @notice Adds a trainer. It takes part from the next round on, and that round waits for it.
    function join(Roster memory roster) internal pure {
        ++roster.members;
        ++roster.expected;
        ++roster.joins;
    }

    /// @notice Opens the next round, which waits for all expected members.
    function open(Roster memory roster, RoundFacts memory facts) internal pure {
        ++roster.round;
        if (!facts.confirming) facts.expected = roster.expected;
    }

    /// @notice Counts a member's first commitment in the running round.
    /// @dev Comes before the commitment is noted in `member`, which would make it expected.
    function commit(Roster memory roster, RoundFacts memory facts, Member memory member) internal pure {
        if (isExpected(roster, member)) ++facts.expectedCommitted;
        ++facts.committed;
    }

    /// @notice Removes a member at once: it has not committed in the running round.
    /// @param facts Of the running round; of the last one where none runs.
    /// @return changed True where the running round waited for it and does so no longer.
    function depart(
        Roster memory roster,
        RoundFacts memory facts,
        Member memory member,
        bool running
    ) internal pure returns (bool changed) {
        --roster.members;
        if (!isExpected(roster, member)) return false;
        --roster.expected;
        changed = running && !facts.confirming && member.since <= roster.round;
        if (changed) --facts.expected;
    }

    /// @notice Ends the running round. The next one expects the members that disclosed an update and stay, those that
    /// joined meanwhile and, where Training closed before its deadline, those that had not committed by then. Where
    /// nobody witnessed Disclosure, those that sealed an update and did not disclose it stay as well.
    function close(Roster memory roster, RoundFacts memory facts) internal pure {
        if (facts.confirming) return;
        uint32 staying = (facts.witnessed ? facts.revealed : facts.committed) - facts.leaving;
        // Members that leave, or forfeited their bond, do not take part in the next round.
        roster.members -= facts.committed - staying;
        roster.expected = roster.expected - facts.expected + staying;
        if (facts.closedEarly) roster.expected += facts.expected - facts.expectedCommitted;
        else roster.lastFullRound = roster.round;
    }

    /// @notice Returns whether a member missed no round that ran to its deadline since it last committed or joined.
    function isExpected(Roster memory roster, Member memory member) internal pure returns (bool) {
        return member.lastCommitted >= roster.lastFullRound || member.since > roster.lastFullRound;
    }
}
