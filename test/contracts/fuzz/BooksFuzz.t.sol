// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobBook} from "../../../contracts/interfaces/IJobBook.sol";
import {ITrustBook} from "../../../contracts/interfaces/ITrustBook.sol";
import {FuzzStage} from "./FuzzStage.sol";

/// @notice Terms and trust are written by the contracts that own them, whatever anyone else gives.
contract BooksFuzz is FuzzStage {
    function testFuzz_JobBook_register(uint256 seed) external {
        bytes memory data = abi.encodeCall(jobBook.register, (_params(seed), _anyone(seed >> 1)));
        _refuses(address(jobBook), _anyone(seed), data, IJobBook.JobBook_NotMarket.selector);
    }

    function testFuzz_JobBook_drawPublicShard(uint256 seed) external {
        bytes memory data = abi.encodeCall(jobBook.drawPublicShard, (_jobId(seed)));
        _refuses(address(jobBook), _anyone(seed), data, IJobBook.JobBook_NotLifecycle.selector);
    }

    function testFuzz_JobBook_openShard(uint256 seed, bytes32 key, bytes32[] calldata proof) external {
        bytes memory data = abi.encodeCall(jobBook.openShard, (_jobId(seed), _round(seed), key, proof));
        _refuses(address(jobBook), _anyone(seed), data, IJobBook.JobBook_NotLifecycle.selector);
    }

    function testFuzz_TrustBook_admit(uint256 seed, uint256 who, bool founder) external {
        bytes memory data = abi.encodeCall(trustBook.admit, (_jobId(seed), _anyone(who), founder));
        _refuses(address(trustBook), _anyone(seed), data, ITrustBook.TrustBook_NotRounds.selector);
    }

    function testFuzz_TrustBook_dismiss(uint256 seed, uint256 who, bool running) external {
        bytes memory data = abi.encodeCall(trustBook.dismiss, (_jobId(seed), _anyone(who), running));
        _refuses(address(trustBook), _anyone(seed), data, ITrustBook.TrustBook_NotRounds.selector);
    }

    function testFuzz_TrustBook_grow(uint256 seed, uint256 attempt) external {
        bytes memory data = abi.encodeCall(trustBook.grow, (_jobId(seed), _round(seed), attempt));
        _refuses(address(trustBook), _anyone(seed), data, ITrustBook.TrustBook_NotRounds.selector);
    }

    function testFuzz_TrustBook_forgetDeparted(uint256 seed) external {
        bytes memory data = abi.encodeCall(trustBook.forgetDeparted, (_jobId(seed)));
        _refuses(address(trustBook), _anyone(seed), data, ITrustBook.TrustBook_NotRounds.selector);
    }
}
