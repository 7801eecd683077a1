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
        bool done = _try(address(committees), caller, abi.encodeCall(committees.enlist, (jobId)));
        require(!(done && (already || lifecycle.isParticipant(jobId, caller))), "two roles");
    }

    function testFuzz_Committees_delist(uint256 seed) external sometime(seed) {
        (uint256 jobId, address caller) = (_jobId(seed), _anyone(seed));
        bool done = _try(address(committees), caller, abi.encodeCall(committees.delist, (jobId)));
        require(!done || !committees.isEnlisted(jobId, caller), "still enlisted");
    }

    function testFuzz_Committees_armDraw(uint256 seed) external sometime(seed) {
        _inDraw(seed, abi.encodeCall(committees.armDraw, (_jobId(seed))));
    }

    function testFuzz_Committees_drawCommittee(uint256 seed) external sometime(seed) {
        _inDraw(seed, abi.encodeCall(committees.drawCommittee, (_jobId(seed))));
    }

    // ---------------------------------------------------------------- for the panel only

    function testFuzz_Committees_slash(uint256 seed, address token, uint256 who, uint256 amount) external {
        bytes memory data = abi.encodeCall(committees.slash, (_jobId(seed), token, _anyone(who), amount));
        _refuses(address(committees), _anyone(seed), data, ICommittees.Committees_NotPanel.selector);
    }

    function _inDraw(uint256 seed, bytes memory data) private {
        Phase before = lifecycle.phaseAt(_jobId(seed), _now());
        bool done = _try(address(committees), _anyone(seed), data);
        require(!done || before == Phase.Draw, "out of turn");
    }
}
