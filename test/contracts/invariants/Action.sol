// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Every action that a history is made of. `tools/campaigns/successes.ts` reads the names here.
enum Action {
    Post,
    Join,
    Leave,
    ReleaseBond,
    Cancel,
    Close,
    /// Closes a job to which no committee came.
    CloseUndrawn,
    Open,
    /// Opens a confirming round for a release that waited too long.
    OpenConfirming,
    Commit,
    Reveal,
    OpenHoldout,
    /// A transaction shows that the chain runs late in Disclosure, in Scoring or in Reveal.
    WitnessRound,
    WitnessCommittee,
    Draw,
    CommitScores,
    RevealScores,
    Tally,
    /// A tally that settles a confirming round.
    Confirm,
    Attest,
    Settle,
    Fail,
    /// A credit that pays, exactly what it should.
    CreditTrainers,
    CreditValidators,
    /// A credit of what is credited already, which pays nothing.
    CreditAgain,
    Enlist,
    Delist,
    Stake,
    Thaw,
    Release,
    Withdraw,
    Donate,
    /// A call whose token misbehaves: refused without a trace, or exact.
    HostileToken
}
