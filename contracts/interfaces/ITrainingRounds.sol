// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Departure, Member, Roster, RoundFacts, RoundOutcome, RoundTerms, Update} from "../types/JobTypes.sol";
import {Phase} from "../types/Phase.sol";
import {ICommittees} from "./ICommittees.sol";
import {IJobBook} from "./IJobBook.sol";
import {IJobLifecycle} from "./IJobLifecycle.sol";
import {IScoringPanel} from "./IScoringPanel.sol";
import {ITrainingMarket} from "./ITrainingMarket.sol";
import {ITrustBook} from "./ITrustBook.sol";

/// @title ITrainingRounds
/// @notice Who trains, and each round until its updates are disclosed: members, what is sealed, what is opened, and
/// when. Holds no money.
interface ITrainingRounds {
    /// @notice Emitted when a trainer becomes a member. `number` says which part of the data is its own.
    /// @param jobId Job id, from 1.
    /// @param trainer The trainer.
    /// @param since First round that it takes part in, from 1.
    /// @param number Order of joining, from 0: which part of the data is its own.
    event Joined(uint256 indexed jobId, address indexed trainer, uint256 since, uint256 number);
    /// @notice Emitted when a trainer is no longer a member; its bond was credited or, if `forfeited`, burned.
    /// @param jobId Job id, from 1.
    /// @param trainer The trainer.
    /// @param forfeited True where its bond was burned, false where it was credited.
    event Left(uint256 indexed jobId, address indexed trainer, bool forfeited);
    /// @notice Emitted when a round opens. `confirming` rounds have no Training.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param confirming True for a round that has no Training and only confirms a score.
    /// @param trainingEnd Deadline of Training, exclusive, in seconds.
    event RoundOpened(uint256 indexed jobId, uint256 indexed round, bool confirming, uint256 trainingEnd);
    /// @notice Emitted when a trainer seals an update, or replaces it.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param trainer The trainer.
    /// @param commitment Commitment to the update.
    event UpdateCommitted(uint256 indexed jobId, uint256 indexed round, address indexed trainer, bytes32 commitment);
    /// @notice Emitted when a trainer discloses its update. `index` is its place in every score vector.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param trainer The trainer.
    /// @param index The update's place in every score vector, from 0.
    /// @param digest sha2-256 digest of the update's content id.
    event UpdateRevealed(
        uint256 indexed jobId,
        uint256 indexed round,
        address indexed trainer,
        uint256 index,
        bytes32 digest
    );
    /// @notice Emitted when a transaction shows that the chain ran in the last third of Disclosure.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    event RoundWitnessed(uint256 indexed jobId, uint256 indexed round);
    /// @notice Emitted when a round is over.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param outcome How it ended.
    event RoundEnded(uint256 indexed jobId, uint256 indexed round, RoundOutcome outcome);

    /// @notice Thrown when the caller is not the market.
    error TrainingRounds_NotMarket(address caller);
    /// @notice Thrown when the caller is not the contract that keeps the life of jobs.
    error TrainingRounds_NotLifecycle(address caller);
    /// @notice Thrown when a call comes in a phase that it does not belong to.
    error TrainingRounds_WrongPhase(uint256 jobId, Phase actual);
    /// @notice Thrown when the account is not a member of the job, or not yet.
    error TrainingRounds_NotMember(uint256 jobId, address account);
    /// @notice Thrown when the account has another part in the job already.
    error TrainingRounds_RoleTaken(uint256 jobId, address account);
    /// @notice Thrown when the job takes invited trainers only, and the proof does not show the account among them.
    error TrainingRounds_NotInvited(uint256 jobId, address account);
    /// @notice Thrown when a trainer has used up its commitments for the round.
    error TrainingRounds_QuotaUsed(uint256 jobId, uint256 quota);
    /// @notice Thrown when no holdout is to be opened: it is open already, or not sealed.
    error TrainingRounds_NoHoldoutDue(uint256 jobId);
    /// @notice Thrown when an update is committed before the public shard of the sealed holdout is open.
    error TrainingRounds_PublicShardDue(uint256 jobId);
    /// @notice Thrown when a committee is drawn while the initiator can still open the round's shard.
    error TrainingRounds_HoldoutDue(uint256 jobId);
    /// @notice Thrown when Disclosure is witnessed already, or not in its last third.
    error TrainingRounds_NothingToWitness(uint256 jobId);
    /// @notice Thrown when the member leaves at the round's end.
    error TrainingRounds_Leaving(uint256 jobId, address trainer);
    /// @notice Thrown when a member has sealed an update that it must disclose before it leaves.
    error TrainingRounds_MustReveal(uint256 jobId, address trainer);
    /// @notice Thrown when the round takes no more updates.
    error TrainingRounds_RoundFull(uint256 jobId, uint256 maxUpdates);
    /// @notice Thrown when the opening does not match the commitment.
    error TrainingRounds_CommitmentMismatch(uint256 jobId, address trainer, bytes32 actual, bytes32 expected);
    /// @notice Thrown when a digest or a commitment is zero.
    error TrainingRounds_ZeroDigest();
    /// @notice Thrown when a bond is still needed.
    error TrainingRounds_BondHeld(uint256 jobId, address trainer);

    // ---- trainers ----

    /// @notice Seals an update, or replaces the sealed one. Phase Training.
    /// @dev Emits {UpdateCommitted}.
    /// @param jobId Job id, from 1.
    /// @param commitment {Commitments-ofUpdate} of the update's digest and a salt.
    function commitUpdate(uint256 jobId, bytes32 commitment) external;

    /// @notice Discloses the sealed update. Phase Disclosure.
    /// @dev Emits {UpdateRevealed}.
    /// @param jobId Job id, from 1.
    /// @param digest sha2-256 digest of the update's content id.
    /// @param salt The 32 bytes that were sealed with it.
    function revealUpdate(uint256 jobId, bytes32 digest, bytes32 salt) external;

    // ---- anyone ----

    /// @notice Shows that the chain takes transactions in the last third of Disclosure, or of the time in which the
    /// round's shard is to be opened: only then do bonds burn for silence. Disclosures in that time show it as well.
    /// @dev Emits {RoundWitnessed}.
    /// @param jobId Job id, from 1.
    function witness(uint256 jobId) external;

    // ---- the market ----

    /// @notice Makes a trainer a member from the next round on. Only the market.
    /// @dev Emits {Joined}.
    /// @param jobId Job id, from 1.
    /// @param trainer Account of the trainer.
    /// @param invitation Merkle proof that the trainer is invited; empty where everyone may join.
    function admit(uint256 jobId, address trainer, bytes32[] calldata invitation) external;

    /// @notice Ends a membership: at the round's end if the trainer revealed an update in it, else at once. Only the
    /// market.
    /// @dev Emits {Left} when at once.
    /// @param jobId Job id, from 1.
    /// @param trainer Account of the trainer.
    /// @return departure What becomes of the bond.
    function dismiss(uint256 jobId, address trainer) external returns (Departure departure);

    /// @notice Ends a membership that is over: the trainer left, lost it, or the job is closed. Only the market.
    /// @dev Emits {Left}.
    /// @param jobId Job id, from 1.
    /// @param trainer Account of the trainer.
    /// @return departure What becomes of the bond.
    function release(uint256 jobId, address trainer) external returns (Departure departure);

    // ---- the lifecycle ----

    /// @notice Begins a job. Only the lifecycle.
    /// @param jobId Job id, from 1.
    /// @param terms What rounds need of the job's parameters.
    function post(uint256 jobId, RoundTerms calldata terms) external;

    /// @notice Writes down the end of a round in which nobody disclosed anything, if the last round is one. Only the
    /// lifecycle.
    /// @dev Emits {RoundEnded} where it does.
    /// @param jobId Job id, from 1.
    /// @return round Number of the running or last round; 0 before the first.
    /// @return members Members that can take part in the next round.
    /// @return phase Where the round stands; `Draw` for all that follows Disclosure.
    function finishEmptyRound(uint256 jobId) external returns (uint256 round, uint256 members, Phase phase);

    /// @notice Opens the next round: Training begins. Only the lifecycle.
    /// @dev Emits {RoundOpened}.
    /// @param jobId Job id, from 1.
    function open(uint256 jobId) external;

    /// @notice Notes that the shard that is due is open. Only the lifecycle.
    /// @param jobId Job id, from 1.
    /// @return round The round whose shard that is, from 1; 0 for the public shard.
    function openHoldout(uint256 jobId) external returns (uint256 round);

    /// @notice Opens a confirming round: no Training; one more committee scores the released model. Only the lifecycle.
    /// @dev Emits {RoundOpened}.
    /// @param jobId Job id, from 1.
    function openConfirming(uint256 jobId) external;

    /// @notice Ends the running round. Only the lifecycle.
    /// @dev Emits {RoundEnded}.
    /// @param jobId Job id, from 1.
    /// @param outcome How it ended.
    /// @param attempt The attempt whose consensus changes trust, 1 or 2, where it settled.
    /// @return members Members that can take part in the next round.
    function finish(uint256 jobId, RoundOutcome outcome, uint256 attempt) external returns (uint256 members);

    // ---- views ----

    /// @notice Returns the book of jobs' parameters and of the contracts' addresses.
    /// @return book The book.
    function BOOK() external view returns (IJobBook book);

    /// @notice Returns the contract that keeps the jobs' money.
    /// @return market The market.
    function MARKET() external view returns (ITrainingMarket market);

    /// @notice Returns the contract that keeps the life of jobs.
    /// @return lifecycle The lifecycle.
    function LIFECYCLE() external view returns (IJobLifecycle lifecycle);

    /// @notice Returns the contract that lists validators and draws committees.
    /// @return committees The committees.
    function COMMITTEES() external view returns (ICommittees committees);

    /// @notice Returns the panel that scores the rounds.
    /// @return panel The panel.
    function PANEL() external view returns (IScoringPanel panel);

    /// @notice Returns the book of the members' trust.
    /// @return trust The trust book.
    function TRUST() external view returns (ITrustBook trust);

    /// @notice Returns where a job's running round stands at a time.
    /// @param jobId Job id, from 1.
    /// @param time Block time, in seconds.
    /// @return phase `Waiting` where no round runs.
    function phaseAt(uint256 jobId, uint256 time) external view returns (Phase phase);

    /// @notice Returns who takes part in a job's rounds.
    /// @param jobId Job id, from 1.
    /// @return roster Numbers of members, and of the running or last round.
    function rosterOf(uint256 jobId) external view returns (Roster memory roster);

    /// @notice Returns a round's facts as of a time.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @param time Block time, in seconds.
    /// @return facts All zeros where there is no such round.
    function roundOf(uint256 jobId, uint256 round, uint256 time) external view returns (RoundFacts memory facts);

    /// @notice Returns a round's disclosed updates.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @return updates In the order of their disclosure. A digest that its trainer no longer keeps is 0: the event
    /// {UpdateRevealed} has it.
    /// @return copies Bit j: update j repeats the bytes of an earlier commitment and weighs nothing.
    function updatesOf(uint256 jobId, uint256 round) external view returns (Update[] memory updates, uint64 copies);

    /// @notice Returns who disclosed a round's updates.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @return trainers In the order of disclosure.
    function trainersOf(uint256 jobId, uint256 round) external view returns (address[] memory trainers);

    /// @notice Returns which of a round's updates are copies.
    /// @param jobId Job id, from 1.
    /// @param round Round number, from 1.
    /// @return copies Bit j: update j repeats the bytes of an earlier commitment and weighs nothing.
    function copiesOf(uint256 jobId, uint256 round) external view returns (uint64 copies);

    /// @notice Returns a trainer's membership.
    /// @param jobId Job id, from 1.
    /// @param trainer Account of the trainer.
    /// @return member All zeros for who is no member.
    function memberOf(uint256 jobId, address trainer) external view returns (Member memory member);

    /// @notice Returns whether an account is or was a member of a job.
    /// @param jobId Job id, from 1.
    /// @param account Account that is looked up.
    /// @return joined True from its first joining on, for ever.
    function hasJoined(uint256 jobId, address account) external view returns (bool joined);

    /// @notice Returns what the next draw follows from: the hash of the block before each round's first disclosure, and
    /// every disclosed salt. Salts are sealed before that block exists, so nobody chooses them by it; the block's
    /// proposer knows none but its own.
    /// @param jobId Job id, from 1.
    /// @return entropy {Draw-mixed} over all disclosures; 0 before the first.
    function entropyOf(uint256 jobId) external view returns (bytes32 entropy);

    /// @notice Returns the running round once Disclosure is over; reverts before.
    /// @param jobId Job id, from 1.
    /// @return round Round number, from 1.
    /// @return facts Its facts; times in seconds.
    function disclosed(uint256 jobId) external view returns (uint256 round, RoundFacts memory facts);

    /// @notice Returns what the end of the running round depends on.
    /// @param jobId Job id, from 1.
    /// @return round Number of the running or last round.
    /// @return facts Its facts; times in seconds.
    function running(uint256 jobId) external view returns (uint256 round, RoundFacts memory facts);
}
