// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Job, JobParams, Roster, RoundFacts, RoundOutcome} from "../../../contracts/types/JobTypes.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {vm} from "../Vm.sol";
import {Action} from "./Action.sol";
import {Dues} from "./Dues.sol";
import {Lens} from "./Lens.sol";

/// @notice What anyone does for a job: each action where the rules allow it, and what must come of it.
abstract contract StrangerActions is Lens {
    /// @dev Places credited so far: of trainers by round, of validators by round and attempt.
    mapping(bytes32 place => uint256) private _credited;

    function _openRound(uint256 jobId) internal {
        Job memory job = lifecycle.jobOf(jobId);
        JobParams memory params = jobBook.paramsOf(jobId);
        if (_phase(jobId) != Phase.Waiting || _isEnding(jobId, job, params)) return;
        bool overdue = _isPayPending(jobId) && _now() >= job.releasedAt + GRACE;
        bool many = _nextMembers(jobId) >= params.minTrainers;
        if (!overdue && !(many && committees.enlistedCount(jobId) >= params.minValidators)) return;
        _doOpenRound(jobId, rounds.rosterOf(jobId).round + 1, overdue);
    }

    /// @dev A round; or, where a release has waited as long as a round lasts, one that confirms it.
    function _doOpenRound(uint256 jobId, uint256 round, bool confirms) private acts(Action.Open, jobId, stranger) {
        vm.prank(stranger);
        lifecycle.openRound(jobId);

        require(rounds.rosterOf(jobId).round == round, "not the next round");
        require(_phase(jobId) == (confirms ? Phase.Draw : Phase.Training), "does not train, or does not confirm");
        require(_facts(jobId).confirming == confirms, "another kind of round");
        if (confirms) _succeed(Action.OpenConfirming);
    }

    function _close(uint256 jobId) internal {
        if (_canClose(jobId)) _doClose(jobId);
    }

    function _canClose(uint256 jobId) internal view returns (bool) {
        Phase phase = _phase(jobId);
        if (phase == Phase.Draw) return _countDrawable(jobId) < 3 && _now() >= _drawSince(jobId) + GRACE;
        return phase == Phase.Waiting && _isEnding(jobId, lifecycle.jobOf(jobId), jobBook.paramsOf(jobId));
    }

    /// @dev Since when a round waits for a committee: its first, or the one after a failed attempt.
    function _drawSince(uint256 jobId) internal view returns (uint256) {
        uint256 failedAt = panel.dueSince(jobId, rounds.rosterOf(jobId).round);
        if (failedAt != 0) return failedAt;
        RoundFacts memory facts = _facts(jobId);
        return facts.confirming ? facts.trainingStart : facts.disclosureEnd;
    }

    function _doClose(uint256 jobId) private acts(Action.Close, jobId, stranger) {
        Job memory job = lifecycle.jobOf(jobId);
        uint256[3] memory money = _moneyAtEnd(jobId, job.initiator);
        bool undrawn = _phase(jobId) == Phase.Draw;
        vm.prank(stranger);
        lifecycle.closeJob(jobId);

        if (undrawn) _requireUndrawn(jobId, job);
        else if (_requireConfirms(jobId, job)) return;
        _requireRefunded(jobId, job.initiator, money);
    }

    /// @dev No committee came: what was released is paid as it was attested.
    function _requireUndrawn(uint256 jobId, Job memory before) private {
        require(lifecycle.jobOf(jobId).closed, "not closed");
        _requirePaid(jobId, before, before.pendingScore);
        _succeed(Action.CloseUndrawn);
    }

    /// @dev A last committee confirms what was released and is not paid; where there is nothing, the job is closed.
    function _requireConfirms(uint256 jobId, Job memory before) private view returns (bool confirms) {
        confirms = before.pendingRound != 0 && jobBook.paramsOf(jobId).milestones.length != 0;
        require(lifecycle.jobOf(jobId).closed != confirms, "neither closed nor confirming");
        require(!confirms || _facts(jobId).confirming, "does not confirm");
    }

    /// @dev What nobody earned is the initiator's again.
    function _requireRefunded(uint256 jobId, address initiator, uint256[3] memory before) private view {
        uint256[3] memory later = _moneyAtEnd(jobId, initiator);
        require(later[1] == 0, "I3: the reward stays");
        require(later[0] >= before[0] + before[1] + before[2] - later[2], "I3: the rest is not the initiator's");
        require(market.balanceIn(books[jobId].token, _pot("initiator", jobId)) == 0, "I3: the initiator's bond stays");
    }

    /// @dev The initiator's claim, the reward that nobody has earned, and what was earned and waits to be credited.
    function _moneyAtEnd(uint256 jobId, address initiator) private view returns (uint256[3] memory money) {
        address token = books[jobId].token;
        money[0] = market.withdrawable(token, initiator);
        money[1] = market.balanceIn(token, _pot("reward", jobId));
        money[2] = market.balanceIn(token, _pot("earned", jobId));
    }

    function _isEnding(uint256 jobId, Job memory job, JobParams memory params) private view returns (bool) {
        if (_now() >= params.deadline || job.cancelled || rounds.rosterOf(jobId).round >= params.rounds) return true;
        return params.targetScore != 0 && job.best >= params.targetScore;
    }

    /// @dev Where a round ended empty and nobody has told yet, who sealed and did not disclose is a member no more,
    /// unless it is excused.
    function _nextMembers(uint256 jobId) private view returns (uint256) {
        Roster memory roster = rounds.rosterOf(jobId);
        RoundFacts memory facts = _facts(jobId);
        bool untold = roster.round != 0 && facts.outcome == RoundOutcome.None && !facts.confirming;
        if (!untold || !_isWitnessed(jobId, roster.round)) return roster.members;
        return roster.members - facts.committed;
    }

    // ---------------------------------------------------------------- pay

    /// @dev Credits the places `bits` of a round's updates, exactly what is due; what was credited before pays nothing.
    function _creditTrainers(uint256 jobId, uint256 round, uint256 bits) internal {
        (address[] memory payees, uint256[] memory amounts) = Dues.ofTrainers(market, jobId, round);
        if (payees.length == 0) return;
        bytes32 place = _place(jobId, round, 0);
        bytes memory data = abi.encodeCall(market.creditTrainers, (jobId, round, uint64(bits)));
        _credit(Action.CreditTrainers, jobId, data, place, bits, payees, amounts);
    }

    /// @dev The same for the seats of an attempt.
    function _creditValidators(uint256 jobId, uint256 round, uint256 attempt, uint256 bits) internal {
        (address[] memory payees, uint256[] memory amounts) = Dues.ofValidators(market, jobId, round, attempt);
        if (payees.length == 0) return;
        bytes32 place = _place(jobId, round, attempt);
        bytes memory data = abi.encodeCall(market.creditValidators, (jobId, round, attempt, uint32(bits)));
        _credit(Action.CreditValidators, jobId, data, place, bits, payees, amounts);
    }

    function _credit(
        Action action,
        uint256 jobId,
        bytes memory data,
        bytes32 place,
        uint256 bits,
        address[] memory payees,
        uint256[] memory amounts
    ) private {
        uint256 due = bits & ~_credited[place];
        bool again = Dues.sumOf(amounts, bits & _credited[place]) > 0;
        _credited[place] |= bits;
        if (Dues.sumOf(amounts, due) > 0) _doCredit(action, jobId, data, due, payees, amounts);
        else _doCreditNothing(jobId, data);
        if (again) _succeed(Action.CreditAgain);
    }

    function _doCredit(
        Action action,
        uint256 jobId,
        bytes memory data,
        uint256 due,
        address[] memory payees,
        uint256[] memory amounts
    ) private acts(action, jobId, stranger) {
        address token = books[jobId].token;
        uint256[] memory claims = new uint256[](actors.length);
        for (uint256 i = 0; i < claims.length; ++i) claims[i] = market.withdrawable(token, actors[i]);

        _callMarket(data);

        for (uint256 i = 0; i < claims.length; ++i) {
            claims[i] += Dues.sumFor(actors[i], payees, amounts, due);
            require(market.withdrawable(token, actors[i]) == claims[i], "I3: paid another amount");
        }
    }

    /// @dev Nothing is due: nothing leaves the pot.
    function _doCreditNothing(uint256 jobId, bytes memory data) private {
        address token = books[jobId].token;
        uint256 earned = market.balanceIn(token, _pot("earned", jobId));
        _callMarket(data);
        require(market.balanceIn(token, _pot("earned", jobId)) == earned, "I3: credited twice");
    }

    function _callMarket(bytes memory data) private {
        vm.prank(stranger);
        (bool success, bytes memory reason) = address(market).call(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }
}
