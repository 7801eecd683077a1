// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Payouts} from "../libraries/Payouts.sol";
import {JobParams, JobTerms, RoundTerms} from "../types/JobTypes.sol";
import {PanelTerms, TallyTerms} from "../types/PanelTypes.sol";
import {ICommittees} from "./ICommittees.sol";
import {IJobLifecycle} from "./IJobLifecycle.sol";
import {IScoringPanel} from "./IScoringPanel.sol";
import {ITrainingMarket} from "./ITrainingMarket.sol";
import {ITrainingRounds} from "./ITrainingRounds.sol";

/// @title IJobBook
/// @notice What initiators fixed when they posted their jobs, what follows from it, and the keys of sealed holdouts.
/// Names the other contracts, so that they find one another without later wiring.
interface IJobBook {
    /// @notice Addresses of the contracts that stand on the book: each is created at the address named here.
    struct Contracts {
        ITrainingMarket market;
        IJobLifecycle lifecycle;
        ITrainingRounds rounds;
        ICommittees committees;
        IScoringPanel panel;
    }

    /// @notice Emitted when the key of a round's shard of the sealed holdout is published. Shards count from 0.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param shard Number of the shard, from 0.
    /// @param key The shard's key, 32 bytes.
    event HoldoutOpened(uint256 indexed jobId, uint256 indexed round, uint256 shard, bytes32 key);

    /// @notice Thrown when the caller is not the market.
    error JobBook_NotMarket(address caller);
    /// @notice Thrown when the caller is not the contract that keeps the rounds.
    error JobBook_NotLifecycle(address caller);
    /// @notice Thrown when a contract is created at another address than the book names.
    error JobBook_NotNamed(address actual, address expected);
    /// @notice Thrown when a parameter of a job is out of range. `name` is its name in {JobParams}, in ASCII.
    error JobBook_BadParameter(bytes32 name);
    /// @notice Thrown when the terms that the caller signed are not the job's: after a reorganisation of the chain its
    /// id may be another job's.
    error JobBook_OtherTerms(uint256 jobId, bytes32 signed, bytes32 actual);
    /// @notice Thrown when the key and its proof do not belong to the round's shard.
    error JobBook_WrongKey(uint256 jobId, uint256 shard);
    /// @notice Thrown when a round has no shard: the job's holdout is not sealed, or no round has opened.
    error JobBook_NoShard(uint256 jobId, uint256 round);

    // ---- the market and the rounds ----

    /// @notice Checks a new job's parameters and keeps them. Only the market.
    /// @param params All that the initiator fixes; units stand beside each field of {JobParams}.
    /// @param initiator Account that posts the job.
    /// @return jobId Jobs count from 1.
    /// @return terms What the life of the job needs of them.
    /// @return roundTerms What its training rounds need of them.
    function register(
        JobParams calldata params,
        address initiator
    ) external returns (uint256 jobId, JobTerms memory terms, RoundTerms memory roundTerms);

    /// @notice Draws the public shard of a sealed holdout, by the hash of the last block. Only the lifecycle, whenever
    /// a round opens: the first one counts.
    /// @param jobId Job id, from 1.
    function drawPublicShard(uint256 jobId) external;

    /// @notice Publishes the key of a round's shard. Only the lifecycle.
    /// @dev Emits {HoldoutOpened}. The leaf is keccak256(keccak256(abi.encode(shard, key))), as in OpenZeppelin's
    /// trees.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1; 0 for the public shard.
    /// @param key The shard's key, 32 bytes.
    /// @param proof Merkle proof of the key under the job's `holdoutRoot`.
    function openShard(uint256 jobId, uint256 round, bytes32 key, bytes32[] calldata proof) external;

    // ---- views ----

    /// @notice Returns the only caller that registers jobs.
    /// @return market The market.
    function MARKET() external view returns (ITrainingMarket market);

    /// @notice Returns the only caller that opens shards.
    /// @return rounds The rounds.
    function ROUNDS() external view returns (ITrainingRounds rounds);

    /// @notice Returns the contract that keeps the life of jobs.
    /// @return lifecycle The lifecycle.
    function LIFECYCLE() external view returns (IJobLifecycle lifecycle);

    /// @notice Returns the contract that lists validators and draws committees.
    /// @return committees The committees.
    function COMMITTEES() external view returns (ICommittees committees);

    /// @notice Returns the panel that scores rounds.
    /// @return panel The panel.
    function PANEL() external view returns (IScoringPanel panel);

    /// @notice Reverts unless the caller stands at the address that the book names for it.
    /// @param expected The address named for it.
    function requireNamed(address expected) external view;

    /// @notice Reverts unless a job has these terms.
    /// @param jobId Job id, from 1.
    /// @param terms {Commitments-ofTerms} of the job that the caller means, 32 bytes.
    function requireTerms(uint256 jobId, bytes32 terms) external view;

    /// @notice Returns the hash of a job's terms, which whoever binds money to it signs.
    /// @param jobId Job id, from 1.
    /// @return {Commitments-ofTerms}; 0 where there is no such job.
    function termsOf(uint256 jobId) external view returns (bytes32);

    /// @notice Returns how long a job may wait for a committee or for members before anyone moves it on: the sum of one
    /// round's periods.
    /// @param jobId Job id, from 1.
    /// @return In seconds.
    function graceOf(uint256 jobId) external view returns (uint256);

    /// @notice Returns the number of jobs posted: the last one's id.
    /// @return Number of jobs.
    function jobCount() external view returns (uint256);

    /// @notice Returns a job's parameters.
    /// @param jobId Job id, from 1.
    /// @return The parameters; units stand beside each field of {JobParams}.
    function paramsOf(uint256 jobId) external view returns (JobParams memory);

    /// @notice Returns what the panel needs of them.
    /// @param jobId Job id, from 1.
    /// @return The terms; times in seconds, amounts in the token's smallest unit.
    function panelTermsOf(uint256 jobId) external view returns (PanelTerms memory);

    /// @notice Returns what a tally needs of them.
    /// @param jobId Job id, from 1.
    /// @return The terms; amounts in the token's smallest unit, bands in score units.
    function tallyTermsOf(uint256 jobId) external view returns (TallyTerms memory);

    /// @notice Returns how an update's score becomes its weight, and whether near-clones share one weight.
    /// @param jobId Job id, from 1.
    /// @return rule The rule; scores in score units.
    /// @return clusters True where near-clones share one weight.
    function weightRuleOf(uint256 jobId) external view returns (Payouts.WeightRule memory rule, bool clusters);

    /// @notice Returns the token of a job.
    /// @param jobId Job id, from 1.
    /// @return The token.
    function tokenOf(uint256 jobId) external view returns (address);

    /// @notice Returns a trainer's bond, in the token's smallest unit.
    /// @param jobId Job id, from 1.
    /// @return token Token of the bond.
    /// @return bond Amount, in the token's smallest unit.
    function bondOf(uint256 jobId) external view returns (address token, uint256 bond);

    /// @notice Returns whether an account may join: anyone where there is no invitation root, else whom the proof
    /// shows.
    /// @param jobId Job id, from 1.
    /// @param account The account that wants to join.
    /// @param proof Merkle proof of the account under the job's `invitationRoot`; empty where everyone may join.
    /// @return True where it may.
    function isInvited(uint256 jobId, address account, bytes32[] calldata proof) external view returns (bool);

    /// @notice Returns validators' budget for one round, rounded down; the confirming round counts as one more.
    /// @param jobId Job id, from 1.
    /// @return Amount, in the token's smallest unit.
    function validatorsBudgetOf(uint256 jobId) external view returns (uint256);

    /// @notice Returns trainers' budget for one round of a job without price list, rounded down.
    /// @param jobId Job id, from 1.
    /// @return Amount, in the token's smallest unit.
    function trainersBudgetOf(uint256 jobId) external view returns (uint256);

    /// @notice Returns what trainers earn when the confirmed score rises between two values, in basis points.
    /// @param jobId Job id, from 1.
    /// @param from Confirmed score before, in basis points.
    /// @param to Confirmed score after, in basis points.
    /// @return Amount, in the token's smallest unit.
    function earnedBetween(uint256 jobId, uint256 from, uint256 to) external view returns (uint256);

    /// @notice Returns the shard of the sealed holdout that a round uses. Each round draws among the shards that are
    /// left, by what its trainers disclosed ({ITrainingRounds-entropyOf}): until Disclosure is over the answer for a
    /// running round still changes.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1; 0 for the public shard.
    /// @return shard Number of the shard, from 0.
    function shardOf(uint256 jobId, uint256 round) external view returns (uint256 shard);

    /// @notice Returns the published key of a round's shard; 0 where it is not published.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1; 0 for the public shard.
    /// @return The key, 32 bytes.
    function holdoutKeyOf(uint256 jobId, uint256 round) external view returns (bytes32);
}
