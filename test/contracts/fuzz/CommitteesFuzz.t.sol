// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommittees} from "../../../contracts/interfaces/ICommittees.sol";
import {Phase} from "../../../contracts/types/Phase.sol";
import {FuzzStage} from "./FuzzStage.sol";

/// @notice Every state-changing function of the committees, with any arguments, at any time, by anyone.
contract CommitteesFuzz is FuzzStage {
    function testFuzz_Committees_enlist(uint256 seed) external sometime(seed) {
        (uint256 jobId, address caller) = (_jobId(seed), _anyone(seed));
        bool already = committees.isEnlisted(jobId, caller);
        bytes32 terms = _terms(seed, jobId);
        bool done = _try(address(committees), caller, abi.encodeCall(committees.enlist, (jobId, terms)));
        require(!(done && (already || lifecycle.isParticipant(jobId, caller))), "two roles");
        require(!done || terms == jobBook.termsOf(jobId), "enlisted for other terms");
        require(!done || lifecycle.isOpen(jobId), "enlisted for a closed job");
    }

    function testFuzz_Committees_delist(uint256 seed) external sometime(seed) {
        (uint256 jobId, address caller) = (_jobId(seed), _anyone(seed));
        Phase before = lifecycle.phaseAt(jobId, _now());
        bool awaits = before == Phase.Waiting && lifecycle.awaitsConfirmation(jobId);
        bool done = _try(address(committees), caller, abi.encodeCall(committees.delist, (jobId)));
        require(!done || !committees.isEnlisted(jobId, caller), "still enlisted");
        bool free = (before <= Phase.Training && !awaits) || before == Phase.Closed;
        require(!done || free, "left a list that is fixed");
    }

    function testFuzz_Committees_drawCommittee(uint256 seed) external sometime(seed) {
        uint256 jobId = _jobId(seed);
        Phase before = lifecycle.phaseAt(jobId, _now());
        uint256 drawable = committees.drawableCount(jobId);
        bool done = _try(address(committees), _anyone(seed), abi.encodeCall(committees.drawCommittee, (jobId)));
        require(done == (before == Phase.Draw && drawable >= 3), "out of turn, or refused in turn");
    }

    // ---------------------------------------------------------------- for the lifecycle or the panel only

    function testFuzz_Committees_fixList(uint256 seed) external {
        bytes memory data = abi.encodeCall(committees.fixList, (_jobId(seed)));
        _refuses(address(committees), _anyone(seed), data, ICommittees.Committees_NotLifecycle.selector);
    }

    function testFuzz_Committees_slash(uint256 seed, address token, uint256 who, uint256 amount) external {
        bytes memory data = abi.encodeCall(committees.slash, (_jobId(seed), token, _anyone(who), amount));
        _refuses(address(committees), _anyone(seed), data, ICommittees.Committees_NotPanel.selector);
    }
}
