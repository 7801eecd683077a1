// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Trust} from "../libraries/Trust.sol";
import {IScoringPanel} from "./IScoringPanel.sol";
import {ITrainingRounds} from "./ITrainingRounds.sol";

/// @title ITrustBook
/// @notice FLoBC's trust of each job's members (Ghanem et al. 2021, arXiv 2112.11873).
interface ITrustBook {
    /// @notice Thrown when the caller is not the contract that keeps the rounds.
    error TrustBook_NotRounds(address caller);

    /// @notice Admits a new member: founders with equal parts, others with none. Only the rounds.
    /// @param jobId Job id, from 1.
    /// @param trainer The trainer.
    /// @param founder True for a trainer that joined before the first round.
    function admit(uint256 jobId, address trainer, bool founder) external;

    /// @notice Takes a former member out. Only the rounds.
    /// @param jobId Job id, from 1.
    /// @param trainer The trainer.
    /// @param running True while a round runs: its shares keep their total until its end.
    function dismiss(uint256 jobId, address trainer, bool running) external;

    /// @notice Lets trust grow and shrink by a settled round's consensus. Only the rounds.
    /// @dev Malformed updates lose all that a round can take; those nobody could fetch, and copies, keep theirs.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param attempt Attempt that settled the round, 1 or 2.
    function grow(uint256 jobId, uint256 round, uint256 attempt) external;

    /// @notice Takes what members left behind out of the total, after a round that did not settle. Only the rounds.
    /// @param jobId Job id, from 1.
    function forgetDeparted(uint256 jobId) external;

    /// @notice Returns the only caller that writes.
    /// @return rounds The rounds.
    function ROUNDS() external view returns (ITrainingRounds rounds);

    /// @notice Returns where consensus stands.
    /// @return panel The panel.
    function PANEL() external view returns (IScoringPanel panel);

    /// @notice Returns a job's trust, and a member's value in it as of now; 0 for others.
    /// @param jobId Job id, from 1.
    /// @param trainer The trainer.
    /// @return pool Sum of all values, and how they are scaled: see {Trust}.
    /// @return value The member's value; its trust is value / total.
    function trustOf(uint256 jobId, address trainer) external view returns (Trust.Pool memory pool, uint256 value);
}
